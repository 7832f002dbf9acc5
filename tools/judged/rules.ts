import { furtherRules } from "./furtherRules.ts";

/** A rule of the knowledge base in two wordings a language, and two questions a language that it answers. */
export interface Rule {
  id: string;
  category: "Coverage" | "Claims Processing" | "Policy Terms" | "Authorization";
  en: { texts: readonly [string, string]; asks: readonly [string, string] };
  fr: { texts: readonly [string, string]; asks: readonly [string, string] };
}

const claimRules: readonly Rule[] = [
  {
    id: "filing-auto",
    category: "Claims Processing",
    en: {
      texts: [
        "Motor claims must be filed within 30 days of the incident, with the police report number.",
        "The time limit for auto insurance is thirty days from the date of incident; later filings are refused.",
      ],
      asks: [
        "how long do I have to report a car accident",
        "deadline for submitting vehicle damage",
      ],
    },
    fr: {
      texts: [
        "Les sinistres automobiles doivent être déclarés dans les 30 jours, avec le numéro du rapport de police.",
        "Le délai de déclaration en assurance auto est de trente jours à compter de l'accident ; au-delà, refus.",
      ],
      asks: [
        "combien de temps pour déclarer un accident de voiture",
        "date limite d'envoi pour un dommage au véhicule",
      ],
    },
  },
  {
    id: "filing-medical",
    category: "Claims Processing",
    en: {
      texts: [
        "Medical bills are to be sent within 90 days of the date of service.",
        "Health claims filed more than ninety days after treatment are late and cannot be paid.",
      ],
      asks: [
        "until when may I hand in a doctor's invoice",
        "is a hospital bill from four months ago too old",
      ],
    },
    fr: {
      texts: [
        "Les factures médicales sont à envoyer dans les 90 jours suivant la date des soins.",
        "Une demande santé déposée plus de quatre-vingt-dix jours après le traitement est tardive et n'est pas payée.",
      ],
      asks: [
        "jusqu'à quand envoyer une note du docteur",
        "une facture d'hôpital vieille de quatre mois passe-t-elle encore",
      ],
    },
  },
  {
    id: "filing-home",
    category: "Claims Processing",
    en: {
      texts: [
        "Losses at home are reported within 60 days of the date of loss, with photographs.",
        "For household insurance the filing period is sixty days; emergency repairs may begin at once.",
      ],
      asks: [
        "time allowed to notify damage to my house",
        "may I start fixing the roof before you answer",
      ],
    },
    fr: {
      texts: [
        "Les sinistres habitation se déclarent dans les 60 jours, photographies à l'appui.",
        "En assurance du foyer, le délai est de soixante jours ; les réparations urgentes peuvent commencer aussitôt.",
      ],
      asks: [
        "temps accordé pour signaler un dommage à ma maison",
        "puis-je faire réparer le toit avant votre réponse",
      ],
    },
  },
  {
    id: "prior-auth",
    category: "Authorization",
    en: {
      texts: [
        "Planned treatment above 5,000 needs prior authorization; the number goes on the claim form.",
        "Before elective surgery, imaging series and stays over a week the insurer's approval must be obtained.",
      ],
      asks: [
        "do I need your permission before an expensive operation",
        "pre-approval for a costly planned stay",
      ],
    },
    fr: {
      texts: [
        "Un traitement programmé au-delà de 5 000 exige un accord préalable ; son numéro figure sur la demande.",
        "Avant une opération élective, une série d'examens ou un séjour de plus d'une semaine, l'accord de l'assureur est requis.",
      ],
      asks: [
        "faut-il votre permission avant une intervention chère",
        "autorisation à demander avant un long séjour prévu",
      ],
    },
  },
  {
    id: "deductible-order",
    category: "Policy Terms",
    en: {
      texts: [
        "The deductible is taken off first, then the copay; both apply to each claim.",
        "Payable amount: the lesser of bill and cover, less deductible, less copay for health contracts.",
      ],
      asks: [
        "in which order is my own share subtracted",
        "how do you work out what I get from the bill",
      ],
    },
    fr: {
      texts: [
        "La franchise est déduite d'abord, puis le ticket modérateur ; les deux valent pour chaque demande.",
        "Montant payable : le plus petit de la facture et du plafond, moins la franchise, moins la participation en santé.",
      ],
      asks: [
        "dans quel ordre ma part est-elle retirée",
        "comment calculez-vous ce que je reçois sur la facture",
      ],
    },
  },
  {
    id: "drug-tiers",
    category: "Policy Terms",
    en: {
      texts: [
        "Prescription drugs fall into three tiers: generic, preferred brand and specialty, with rising copays.",
        "A generic costs 10, a preferred brand 30 and a specialty drug 80 out of pocket.",
      ],
      asks: ["what do I pay at the pharmacy for branded medicine", "cheapest class of pills"],
    },
    fr: {
      texts: [
        "Les médicaments sont répartis en trois niveaux : générique, marque préférée et spécialité.",
        "Un générique coûte 10, une marque préférée 30 et une spécialité 80 à la charge de l'assuré.",
      ],
      asks: [
        "combien payer à la pharmacie pour un produit de marque",
        "classe de comprimés la moins chère",
      ],
    },
  },
];

/** Every rule of the knowledge base. */
export const rules: readonly Rule[] = [...claimRules, ...furtherRules];

/** A rule of the knowledge base in two wordings a language, and two questions a language that it answers. */
export interface Rule {
  id: string;
  category: "Coverage" | "Claims Processing" | "Policy Terms" | "Authorization";
  en: { texts: readonly [string, string]; asks: readonly [string, string] };
  fr: { texts: readonly [string, string]; asks: readonly [string, string] };
}

export const rules: readonly Rule[] = [
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
  {
    id: "limits",
    category: "Policy Terms",
    en: {
      texts: [
        "Maximum limits per contract: health 50,000, auto 30,000, home 200,000, life 500,000.",
        "No claim is paid above the cover of its contract; the excess remains with the insured.",
      ],
      asks: ["what is the most you will ever pay", "ceiling of benefits for each kind of policy"],
    },
    fr: {
      texts: [
        "Plafonds par contrat : santé 50 000, auto 30 000, habitation 200 000, vie 500 000.",
        "Aucune demande n'est payée au-delà du capital du contrat ; le surplus reste à l'assuré.",
      ],
      asks: [
        "quelle est la somme la plus haute que vous versez",
        "limite des prestations par type de police",
      ],
    },
  },
  {
    id: "rental-car",
    category: "Claims Processing",
    en: {
      texts: [
        "After a collision a rental car is paid at 50 a day for up to 30 days.",
        "A replacement vehicle may be hired while the repair lasts, fifty a day at most.",
      ],
      asks: ["can I get a courtesy car while mine is in the garage", "hire costs during repairs"],
    },
    fr: {
      texts: [
        "Après une collision, une voiture de location est payée 50 par jour pendant 30 jours au plus.",
        "Un véhicule de remplacement peut être loué pendant la réparation, cinquante par jour au maximum.",
      ],
      asks: [
        "ai-je droit à une auto de prêt pendant que la mienne est au garage",
        "frais de location durant les travaux",
      ],
    },
  },
  {
    id: "police-24h",
    category: "Claims Processing",
    en: {
      texts: [
        "A burglary is reported to the police within 24 hours; the report is part of the claim.",
        "Without a police statement made within a day of discovery, theft from the home is not paid.",
      ],
      asks: [
        "must I call the officers right after a break-in",
        "no cop report was made after the robbery at my place",
      ],
    },
    fr: {
      texts: [
        "Un cambriolage se signale à la police dans les 24 heures ; le procès-verbal fait partie de la demande.",
        "Sans plainte déposée dans la journée de la découverte, le vol au domicile n'est pas payé.",
      ],
      asks: [
        "dois-je appeler les gendarmes juste après une effraction",
        "aucun procès-verbal après le vol chez moi",
      ],
    },
  },
  {
    id: "review",
    category: "Claims Processing",
    en: {
      texts: [
        "Claims of 10,000 and more and unclear documents go to manual review by an adjuster.",
        "A reviewer may approve, deny or ask for information; the decision is recorded with a reason.",
      ],
      asks: ["when does a human look at my file", "who decides if the computer is unsure"],
    },
    fr: {
      texts: [
        "Les demandes de 10 000 et plus et les documents peu clairs passent en examen manuel par un gestionnaire.",
        "Un réviseur peut approuver, refuser ou demander des informations ; la décision est motivée.",
      ],
      asks: ["quand une personne regarde-t-elle mon dossier", "qui tranche si l'ordinateur hésite"],
    },
  },
  {
    id: "cancellation",
    category: "Policy Terms",
    en: {
      texts: [
        "A contract may be terminated with three months' notice before the end of its year.",
        "After a claim both sides may cancel within one month of the settlement.",
      ],
      asks: ["how do I quit my policy", "leaving you after you paid a loss"],
    },
    fr: {
      texts: [
        "Un contrat peut être résilié avec un préavis de trois mois avant la fin de l'année d'assurance.",
        "Après un sinistre, chaque partie peut mettre fin au contrat dans le mois du règlement.",
      ],
      asks: ["comment quitter mon assurance", "partir après que vous avez payé un sinistre"],
    },
  },
  {
    id: "premium",
    category: "Policy Terms",
    en: {
      texts: [
        "Premiums are due monthly; cover is suspended 30 days after a reminder without payment.",
        "Whoever does not pay the monthly premium loses protection after the reminder period.",
      ],
      asks: [
        "I forgot the instalment, am I still insured",
        "what happens if the direct debit bounces",
      ],
    },
    fr: {
      texts: [
        "Les primes sont dues chaque mois ; la garantie est suspendue 30 jours après un rappel resté sans paiement.",
        "Qui ne paie pas la prime mensuelle perd la protection après le délai de rappel.",
      ],
      asks: [
        "j'ai oublié l'échéance, suis-je encore couvert",
        "que se passe-t-il si le prélèvement est rejeté",
      ],
    },
  },
];

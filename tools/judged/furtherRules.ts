import type { Rule } from "./rules.ts";

/** Rules on limits, delays and the contract itself. */
export const furtherRules: readonly Rule[] = [
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

import type { Concept } from "./concept.ts";

/** Benefits on death. */
export const lifeConcepts: readonly Concept[] = [
  {
    id: "death-illness",
    line: "Life",
    en: {
      names: [
        "death by illness",
        "natural death",
        "death benefit after sickness",
        "decease of the insured",
      ],
      events: [
        "The insured died of heart failure in hospital; beneficiary: the {object}.",
        "The policyholder passed away after a long illness; beneficiary: the {object}.",
        "Death from natural causes was certified; beneficiary: the {object}.",
      ],
      effects: ["The death certificate was attached.", "The whole term cover is payable."],
      asks: [
        "my relative is no longer alive after being sick, the {object} asks for the money",
        "payout when somebody succumbs to a disease",
        "late insured, cardiac arrest, {object}",
      ],
    },
    fr: {
      names: [
        "décès par maladie",
        "mort naturelle",
        "capital décès après maladie",
        "décès de l'assuré",
      ],
      events: [
        "L'assuré est mort d'une insuffisance cardiaque à l'hôpital ; bénéficiaire : {object}.",
        "Le souscripteur s'est éteint après une longue maladie ; bénéficiaire : {object}.",
        "Une mort de cause naturelle a été certifiée ; bénéficiaire : {object}.",
      ],
      effects: ["Le certificat de décès était joint.", "Tout le capital du terme est payable."],
      asks: [
        "mon proche nous a quittés après avoir été malade, {object}",
        "versement quand quelqu'un succombe à une affection",
        "défunt, arrêt du cœur, {object}",
      ],
    },
  },
  {
    id: "death-accident",
    line: "Life",
    en: {
      names: ["accidental death", "fatal accident", "death on the road", "fatal injury"],
      events: [
        "The insured was killed in a road accident; beneficiary: the {object}.",
        "A fall from scaffolding proved fatal; beneficiary: the {object}.",
        "The insured drowned on holiday; beneficiary: the {object}.",
      ],
      effects: [
        "The public prosecutor's file was requested.",
        "The doctor confirmed the accidental cause.",
      ],
      asks: [
        "lost their life in a crash, {object} to be paid",
        "lethal mishap at the building site",
        "perished while swimming abroad, {object}",
      ],
    },
    fr: {
      names: ["décès accidentel", "accident mortel", "mort sur la route", "blessure mortelle"],
      events: [
        "L'assuré a été tué dans un accident de la route ; bénéficiaire : {object}.",
        "Une chute d'échafaudage a été fatale ; bénéficiaire : {object}.",
        "L'assuré s'est noyé en vacances ; bénéficiaire : {object}.",
      ],
      effects: [
        "Le dossier du parquet a été demandé.",
        "Le médecin a confirmé la cause accidentelle.",
      ],
      asks: [
        "a perdu la vie en voiture, {object}",
        "malheur fatal sur un chantier",
        "a péri en nageant à l'étranger, {object}",
      ],
    },
  },
  {
    id: "hazardous-sport",
    line: "Life",
    en: {
      names: [
        "undeclared hazardous sport",
        "death while climbing",
        "parachuting accident",
        "extreme sport",
      ],
      events: [
        "The insured died while free climbing, a sport not declared; beneficiary: the {object}.",
        "A parachute failed to open; the activity was not declared; beneficiary: the {object}.",
        "The base jump ended in death; beneficiary: the {object}.",
      ],
      effects: [
        "The exclusion of undeclared hazardous sport applies.",
        "The questionnaire of the application was compared.",
      ],
      asks: [
        "skydiving hobby never mentioned to the insurer, {object}",
        "dangerous leisure concealed in the application form",
        "mountaineer fell from the rock face, {object}",
      ],
    },
    fr: {
      names: [
        "sport dangereux non déclaré",
        "décès en escalade",
        "accident de parachute",
        "sport extrême",
      ],
      events: [
        "L'assuré est mort en escalade libre, sport non déclaré ; bénéficiaire : {object}.",
        "Un parachute ne s'est pas ouvert ; activité non déclarée ; bénéficiaire : {object}.",
        "Le saut depuis une falaise s'est terminé par un décès ; bénéficiaire : {object}.",
      ],
      effects: [
        "L'exclusion des sports dangereux non déclarés s'applique.",
        "Le questionnaire de souscription a été comparé.",
      ],
      asks: [
        "loisir risqué caché à l'assureur, {object}",
        "chute libre jamais signalée au contrat",
        "alpiniste tombé de la paroi, {object}",
      ],
    },
  },
  {
    id: "beneficiary-change",
    line: "Life",
    en: {
      names: [
        "change of beneficiary",
        "new beneficiary clause",
        "beneficiary designation",
        "revocation of a beneficiary",
      ],
      events: [
        "The policyholder asked to name the {object} as the new beneficiary.",
        "The beneficiary clause was amended in favour of the {object}.",
        "An earlier designation was revoked; the benefit goes to the {object}.",
      ],
      effects: ["The signed form was witnessed.", "The change takes effect on receipt."],
      asks: [
        "I want the {object} to receive the sum instead",
        "swap who inherits the policy",
        "after the divorce someone else should get the payout, {object}",
      ],
    },
    fr: {
      names: [
        "changement de bénéficiaire",
        "nouvelle clause bénéficiaire",
        "désignation de bénéficiaire",
        "révocation d'un bénéficiaire",
      ],
      events: [
        "Le souscripteur a demandé une nouvelle désignation : {object}.",
        "La clause bénéficiaire a été modifiée en faveur de : {object}.",
        "Une désignation antérieure a été révoquée ; le capital revient à : {object}.",
      ],
      effects: ["Le formulaire signé a été attesté.", "Le changement prend effet à réception."],
      asks: [
        "je veux que quelqu'un d'autre touche la somme, {object}",
        "modifier qui hérite de la police",
        "depuis le divorce, autre personne à gratifier, {object}",
      ],
    },
  },
];

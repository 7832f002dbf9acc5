import type { Concept } from "./concept.ts";

/** Longer care, and care that is often refused. */
export const careConcepts: readonly Concept[] = [
  {
    id: "diabetes",
    line: "Medical",
    icd: "E11.9",
    en: {
      names: ["type 2 diabetes", "diabetes care", "insulin therapy", "blood sugar control"],
      events: [
        "The patient with type 2 diabetes was seen in {object}.",
        "Insulin was prescribed after a high glucose reading in {object}.",
        "Blood sugar and HbA1c were checked in {object}.",
      ],
      effects: ["Test strips are a tier two drug benefit.", "Diet counselling was recommended."],
      asks: [
        "sugar disease follow-up, {object}",
        "needles and strips for too much glucose",
        "endocrinologist for high HbA1c, {object}",
      ],
    },
    fr: {
      names: [
        "diabète de type 2",
        "suivi du diabète",
        "traitement par insuline",
        "contrôle de la glycémie",
      ],
      events: [
        "Le patient diabétique de type 2 a été vu, {object}.",
        "De l'insuline a été prescrite après une glycémie élevée, {object}.",
        "La glycémie et l'HbA1c ont été contrôlées, {object}.",
      ],
      effects: [
        "Les bandelettes relèvent du deuxième niveau.",
        "Un conseil diététique est recommandé.",
      ],
      asks: [
        "trop de sucre dans le sang, {object}",
        "aiguilles et bandelettes pour le glucose",
        "consultation chez l'endocrinologue, {object}",
      ],
    },
  },
  {
    id: "childbirth",
    line: "Medical",
    icd: "O80",
    en: {
      names: ["normal delivery", "childbirth", "maternity stay", "obstetric care"],
      events: [
        "The insured gave birth without complications in {object}.",
        "A maternity stay of three days followed the delivery in {object}.",
        "Obstetric care and the newborn's first examination took place in {object}.",
      ],
      effects: ["The midwife's bill was included.", "Mother and child left in good health."],
      asks: [
        "having a baby, what did the clinic charge, {object}",
        "labour ward costs",
        "midwife and newborn bill, {object}",
      ],
    },
    fr: {
      names: ["accouchement normal", "naissance", "séjour en maternité", "soins obstétricaux"],
      events: [
        "L'assurée a accouché sans complication, {object}.",
        "Un séjour de trois jours en maternité a suivi l'accouchement, {object}.",
        "Les soins obstétricaux et le premier examen du nouveau-né ont eu lieu, {object}.",
      ],
      effects: [
        "La facture de la sage-femme était comprise.",
        "La mère et l'enfant sont sortis en bonne santé.",
      ],
      asks: [
        "arrivée d'un bébé, frais de la clinique, {object}",
        "coût de la salle de travail",
        "sage-femme et nourrisson, {object}",
      ],
    },
  },
  {
    id: "dental",
    line: "Medical",
    icd: "K02.9",
    en: {
      names: ["dental caries", "tooth filling", "root canal treatment", "dental care"],
      events: [
        "A molar with caries was filled in {object}.",
        "Root canal treatment was needed on one tooth in {object}.",
        "The dentist placed a crown after decay, {object}.",
      ],
      effects: ["Dental services need a separate rider.", "Local anaesthesia was billed apart."],
      asks: [
        "hole in a tooth drilled, {object}",
        "cavity and crown invoice",
        "toothache fixed, {object}",
      ],
    },
    fr: {
      names: ["carie dentaire", "obturation d'une dent", "traitement de canal", "soins dentaires"],
      events: [
        "Une molaire cariée a été obturée, {object}.",
        "Un traitement de canal a été nécessaire sur une dent, {object}.",
        "Le dentiste a posé une couronne après une carie, {object}.",
      ],
      effects: [
        "Les soins dentaires exigent un avenant.",
        "L'anesthésie locale a été facturée à part.",
      ],
      asks: [
        "trou dans une dent soigné, {object}",
        "rage de dents et couronne",
        "plombage chez le dentiste, {object}",
      ],
    },
  },
  {
    id: "experimental",
    line: "Medical",
    icd: "C50.919",
    en: {
      names: [
        "experimental treatment",
        "clinical trial drug",
        "unapproved therapy",
        "investigational medicine",
      ],
      events: [
        "An investigational drug was given in {object}.",
        "The patient took part in a clinical trial in {object}.",
        "A therapy without approval of the authority was tried in {object}.",
      ],
      effects: [
        "Experimental treatment is excluded.",
        "The sponsor of the study pays the medicine.",
      ],
      asks: [
        "guinea pig for a new cancer medicine, {object}",
        "cure not yet authorised by the regulator",
        "research protocol cost, {object}",
      ],
    },
    fr: {
      names: [
        "traitement expérimental",
        "médicament en essai clinique",
        "thérapie non autorisée",
        "médicament à l'étude",
      ],
      events: [
        "Un médicament à l'étude a été administré, {object}.",
        "Le patient a participé à un essai clinique, {object}.",
        "Une thérapie sans autorisation des autorités a été tentée, {object}.",
      ],
      effects: [
        "Les traitements expérimentaux sont exclus.",
        "Le promoteur de l'étude paie le produit.",
      ],
      asks: [
        "cobaye pour un nouveau remède contre le cancer, {object}",
        "soin pas encore homologué",
        "coût d'un protocole de recherche, {object}",
      ],
    },
  },
  {
    id: "physio",
    line: "Medical",
    icd: "M25.561",
    en: {
      names: [
        "physiotherapy",
        "rehabilitation sessions",
        "knee rehabilitation",
        "exercise therapy",
      ],
      events: [
        "Twelve sessions of physiotherapy for the knee were given in {object}.",
        "Rehabilitation after a ligament injury took place in {object}.",
        "The physiotherapist trained strength and gait in {object}.",
      ],
      effects: [
        "A referral by the specialist was on file.",
        "The number of sessions a year is limited.",
      ],
      asks: [
        "exercises to walk again after the knee ligament tear, {object}",
        "how many rehab appointments are paid",
        "manual therapy for a stiff joint, {object}",
      ],
    },
    fr: {
      names: [
        "kinésithérapie",
        "séances de rééducation",
        "rééducation du genou",
        "thérapie par l'exercice",
      ],
      events: [
        "Douze séances de kinésithérapie du genou ont été données, {object}.",
        "La rééducation après une lésion ligamentaire a eu lieu, {object}.",
        "Le kinésithérapeute a travaillé la force et la marche, {object}.",
      ],
      effects: [
        "Une prescription du spécialiste était au dossier.",
        "Le nombre de séances par an est limité.",
      ],
      asks: [
        "réapprendre à marcher après le ligament, {object}",
        "combien de rendez-vous chez le kiné sont payés",
        "articulation raide, soins manuels, {object}",
      ],
    },
  },
];

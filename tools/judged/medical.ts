import type { Concept } from "./concept.ts";

/** Treatments and illnesses. */
export const medicalConcepts: readonly Concept[] = [
  {
    id: "appendicitis",
    line: "Medical",
    icd: "K35.80",
    en: {
      names: [
        "acute appendicitis",
        "appendectomy",
        "removal of the appendix",
        "emergency abdominal surgery",
      ],
      events: [
        "The patient was operated on for acute appendicitis in {object}.",
        "An inflamed appendix was removed by laparoscopy in {object}.",
        "Emergency appendectomy after a night of pain in the lower right abdomen, {object}.",
      ],
      effects: [
        "Two nights of stay were billed.",
        "No prior authorization is needed in an emergency.",
      ],
      asks: [
        "belly ache that ended on the operating table, {object}",
        "took out an organ after sudden stomach pain, {object}",
        "urgent surgery for an infected appendix",
      ],
    },
    fr: {
      names: [
        "appendicite aiguë",
        "appendicectomie",
        "ablation de l'appendice",
        "chirurgie abdominale d'urgence",
      ],
      events: [
        "Le patient a été opéré d'une appendicite aiguë, {object}.",
        "Un appendice enflammé a été retiré par cœlioscopie, {object}.",
        "Appendicectomie en urgence après une nuit de douleurs au bas-ventre droit, {object}.",
      ],
      effects: [
        "Deux nuits d'hospitalisation ont été facturées.",
        "Aucun accord préalable n'est requis en urgence.",
      ],
      asks: [
        "mal au ventre soudain puis bloc opératoire, {object}",
        "on lui a enlevé un organe infecté en urgence, {object}",
        "opération pressante de l'abdomen",
      ],
    },
  },
  {
    id: "wrist-fracture",
    line: "Medical",
    icd: "S52.501A",
    en: {
      names: [
        "fracture of the wrist",
        "broken forearm",
        "distal radius fracture",
        "cast treatment",
      ],
      events: [
        "The patient fell and fractured the wrist; treated in {object}.",
        "X-ray showed a fracture of the distal radius; treated in {object}.",
        "The broken forearm was set and put in a cast in {object}.",
      ],
      effects: ["Physiotherapy was prescribed for six weeks.", "A control X-ray is planned."],
      asks: [
        "snapped a bone in the arm after slipping, {object}",
        "plaster on the hand following a tumble, {object}",
        "orthopaedic care for a cracked radius",
      ],
    },
    fr: {
      names: [
        "fracture du poignet",
        "avant-bras cassé",
        "fracture du radius distal",
        "pose d'un plâtre",
      ],
      events: [
        "Le patient est tombé et s'est fracturé le poignet, {object}.",
        "La radio a montré une fracture du radius distal, {object}.",
        "L'avant-bras cassé a été réduit et plâtré, {object}.",
      ],
      effects: [
        "Six semaines de kinésithérapie ont été prescrites.",
        "Une radio de contrôle est prévue.",
      ],
      asks: [
        "os du bras brisé en glissant, {object}",
        "main dans le plâtre après une chute, {object}",
        "soins orthopédiques pour un radius fêlé",
      ],
    },
  },
  {
    id: "cosmetic",
    line: "Medical",
    icd: "Z41.1",
    en: {
      names: [
        "cosmetic surgery",
        "aesthetic procedure",
        "plastic surgery for appearance",
        "elective rhinoplasty",
      ],
      events: [
        "A rhinoplasty was done at the patient's wish in {object}.",
        "Aesthetic surgery without medical need took place in {object}.",
        "Wrinkles were treated for cosmetic reasons in {object}.",
      ],
      effects: ["Cosmetic surgery is excluded.", "No functional impairment was documented."],
      asks: [
        "nose job just to look better, {object}",
        "beauty operation refused",
        "face lift and similar wishes, {object}",
      ],
    },
    fr: {
      names: [
        "chirurgie esthétique",
        "intervention esthétique",
        "chirurgie plastique de convenance",
        "rhinoplastie élective",
      ],
      events: [
        "Une rhinoplastie a été faite à la demande du patient, {object}.",
        "Une chirurgie esthétique sans nécessité médicale a eu lieu, {object}.",
        "Des rides ont été traitées pour des raisons esthétiques, {object}.",
      ],
      effects: [
        "La chirurgie esthétique est exclue.",
        "Aucune gêne fonctionnelle n'a été établie.",
      ],
      asks: [
        "se faire refaire le nez pour être plus belle, {object}",
        "opération de beauté non remboursée",
        "lifting du visage par envie, {object}",
      ],
    },
  },
  {
    id: "mri",
    line: "Medical",
    icd: "M54.5",
    en: {
      names: [
        "magnetic resonance imaging",
        "MRI of the spine",
        "diagnostic scan",
        "lumbar imaging",
      ],
      events: [
        "An MRI of the lumbar spine was made in {object}.",
        "Magnetic resonance imaging for chronic low back pain took place in {object}.",
        "The scan of the lower back showed a disc bulge; {object}.",
      ],
      effects: ["The radiologist's report was attached.", "Prior authorization had been obtained."],
      asks: [
        "pictures of my aching back in the tube, {object}",
        "imaging for a slipped disc",
        "radiology bill for lumbago, {object}",
      ],
    },
    fr: {
      names: [
        "imagerie par résonance magnétique",
        "IRM du rachis",
        "examen d'imagerie",
        "imagerie lombaire",
      ],
      events: [
        "Une IRM du rachis lombaire a été faite, {object}.",
        "Une imagerie par résonance pour lombalgie chronique a eu lieu, {object}.",
        "L'examen du bas du dos a montré une saillie discale, {object}.",
      ],
      effects: [
        "Le compte rendu du radiologue était joint.",
        "L'accord préalable avait été obtenu.",
      ],
      asks: [
        "clichés de mon dos douloureux dans le tunnel, {object}",
        "examen pour une hernie discale",
        "facture de radiologie pour un lumbago, {object}",
      ],
    },
  },
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

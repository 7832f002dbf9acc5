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
];

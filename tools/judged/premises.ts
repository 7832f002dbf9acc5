import type { Concept } from "./concept.ts";

/** Incidents of homes that others caused, and of grounds and windows. */
export const premisesConcepts: readonly Concept[] = [
  {
    id: "burglary",
    line: "Home",
    en: {
      names: ["burglary", "break-in", "housebreaking", "theft from the home"],
      events: [
        "Thieves forced the door and searched the {object}.",
        "Burglars broke a window and emptied the {object}.",
        "The home was broken into and jewellery taken from the {object}.",
      ],
      effects: [
        "The police took fingerprints and a statement.",
        "A list of stolen goods with receipts was sent.",
      ],
      asks: [
        "robbers got into the {object} while we were away",
        "someone stole our valuables from the {object}",
        "intruders smashed a pane and took things, {object}",
      ],
    },
    fr: {
      names: ["cambriolage", "effraction", "vol avec effraction", "vol au domicile"],
      events: [
        "Des voleurs ont forcé la porte et fouillé les lieux : {object}.",
        "Les cambrioleurs ont cassé une vitre et vidé les lieux : {object}.",
        "Le domicile a été visité et des bijoux emportés : {object}.",
      ],
      effects: [
        "La police a relevé des empreintes et pris une déposition.",
        "Une liste des objets volés avec factures a été envoyée.",
      ],
      asks: [
        "on nous a dévalisés pendant les vacances, {object}",
        "intrus entrés par la fenêtre, {object}",
        "objets de valeur dérobés dans {object}",
      ],
    },
  },
  {
    id: "neighbour-water",
    line: "Home",
    en: {
      names: [
        "water from the flat above",
        "neighbour's overflow",
        "leak from upstairs",
        "overflowing bath above",
      ],
      events: [
        "The upstairs neighbour's bath overflowed onto the {object}.",
        "Water came through the ceiling from the flat above into the {object}.",
        "A washing machine on the floor above leaked into the {object}.",
      ],
      effects: [
        "The ceiling plaster came down.",
        "Recourse is taken against the neighbour's insurer.",
      ],
      asks: [
        "people living over us let their tub run over, {object} ruined",
        "dripping from the apartment overhead onto the {object}",
        "ceiling stains caused by the tenant one storey up, {object}",
      ],
    },
    fr: {
      names: [
        "dégât des eaux du voisin",
        "fuite de l'étage supérieur",
        "débordement de baignoire",
        "infiltration du dessus",
      ],
      events: [
        "La baignoire du voisin du dessus a débordé : {object}.",
        "L'eau est passée par le plafond depuis l'appartement supérieur : {object}.",
        "Une machine à laver de l'étage au-dessus a fui : {object}.",
      ],
      effects: [
        "Le plâtre du plafond est tombé.",
        "Un recours est exercé contre l'assureur du voisin.",
      ],
      asks: [
        "le locataire d'en haut a laissé couler son bain, {object}",
        "auréoles au plafond venues d'au-dessus, {object}",
        "lave-linge du troisième qui fuit chez nous, {object}",
      ],
    },
  },
  {
    id: "glass",
    line: "Home",
    en: {
      names: ["glass breakage", "broken window", "shattered pane", "cracked glazing"],
      events: [
        "A ball shattered the pane of the {object}.",
        "The glazing of the {object} cracked from top to bottom.",
        "The window of the {object} was broken by a ladder.",
      ],
      effects: ["A glazier fitted safety glass.", "The frame itself was not harmed."],
      asks: [
        "kids kicked a football through the {object}",
        "need a glazier for the {object}",
        "splintered double glazing, {object}",
      ],
    },
    fr: {
      names: ["bris de glace", "vitre cassée", "vitrage fissuré", "carreau brisé"],
      events: [
        "Un ballon a brisé le carreau : {object}.",
        "Le vitrage s'est fissuré de haut en bas : {object}.",
        "La fenêtre a été cassée par une échelle : {object}.",
      ],
      effects: ["Un vitrier a posé un verre de sécurité.", "Le cadre n'a pas souffert."],
      asks: [
        "les enfants ont envoyé la balle dans la fenêtre, {object}",
        "remplacer une vitre éclatée, {object}",
        "double vitrage fendu, {object}",
      ],
    },
  },
  {
    id: "subsidence",
    line: "Home",
    en: {
      names: ["subsidence", "ground movement", "settlement of the foundations", "drought cracks"],
      events: [
        "The clay soil shrank and the {object} sank by two centimetres.",
        "Cracks opened in the masonry of the {object} as the ground moved.",
        "The foundations under the {object} settled after the dry summer.",
      ],
      effects: ["A structural engineer installed crack gauges.", "Underpinning was recommended."],
      asks: [
        "walls splitting because the earth dried out under the {object}",
        "the {object} is tilting, soil gave way",
        "house sinking after the drought, fissures near the {object}",
      ],
    },
    fr: {
      names: [
        "affaissement de terrain",
        "mouvement du sol",
        "tassement des fondations",
        "fissures de sécheresse",
      ],
      events: [
        "Le sol argileux s'est rétracté et le bâti a descendu de deux centimètres : {object}.",
        "Des fissures se sont ouvertes dans la maçonnerie : {object}.",
        "Les fondations se sont tassées après l'été sec : {object}.",
      ],
      effects: [
        "Un ingénieur structure a posé des jauges.",
        "Une reprise en sous-œuvre est conseillée.",
      ],
      asks: [
        "la maison s'enfonce, terre desséchée, {object}",
        "murs qui se lézardent, {object}",
        "terrain qui a bougé sous {object}",
      ],
    },
  },
];

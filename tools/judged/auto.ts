import type { Concept } from "./concept.ts";

/** Incidents of vehicles. */
export const autoConcepts: readonly Concept[] = [
  {
    id: "rear-end",
    line: "Auto",
    en: {
      names: ["rear-end collision", "impact from behind", "shunt", "nose-to-tail crash"],
      events: [
        "The insured vehicle was hit from behind at a red light; {object} damaged.",
        "A following car failed to brake and struck the rear; {object} damaged.",
        "In slow traffic the van behind ran into it; {object} damaged.",
      ],
      effects: [
        "The other driver signed the joint statement.",
        "Whiplash was excluded by the doctor.",
      ],
      asks: [
        "somebody drove into my back while I was stopped, {object}",
        "car behind did not stop in time, {object} dented",
        "bumped by a tailgater, {object}",
      ],
    },
    fr: {
      names: ["collision arrière", "choc par l'arrière", "télescopage", "accrochage à l'arrêt"],
      events: [
        "Le véhicule assuré a été percuté par l'arrière au feu rouge ; {object} endommagé.",
        "La voiture suivante n'a pas freiné et l'a heurté ; {object} endommagé.",
        "Dans un bouchon, la camionnette derrière lui est rentrée dedans ; {object} endommagé.",
      ],
      effects: [
        "L'autre conducteur a signé le constat amiable.",
        "Le médecin a écarté une entorse cervicale.",
      ],
      asks: [
        "on m'est rentré dedans alors que j'étais arrêté, {object}",
        "celui de derrière a freiné trop tard, {object}",
        "tamponné dans les embouteillages, {object}",
      ],
    },
  },
  {
    id: "auto-theft",
    line: "Auto",
    en: {
      names: ["vehicle theft", "stolen car", "theft of the vehicle", "car theft"],
      events: [
        "The car was stolen from the car park during the night; {object} missing.",
        "Thieves took the vehicle with a copied key; {object} missing.",
        "The parked car was gone in the morning; {object} missing.",
      ],
      effects: [
        "A theft report was filed with the police.",
        "The thirty-day waiting period has begun.",
      ],
      asks: [
        "my automobile disappeared overnight, {object}",
        "robbed of my vehicle, when do I get paid",
        "car gone from where I left it, {object}",
      ],
    },
    fr: {
      names: ["vol de véhicule", "voiture volée", "vol du véhicule", "disparition du véhicule"],
      events: [
        "La voiture a été volée sur le parking pendant la nuit ; {object} manquant.",
        "Des voleurs ont pris le véhicule avec une clé copiée ; {object} manquant.",
        "La voiture garée avait disparu au matin ; {object} manquant.",
      ],
      effects: [
        "Une plainte pour vol a été déposée.",
        "Le délai d'attente de trente jours a commencé.",
      ],
      asks: [
        "on m'a piqué ma bagnole, {object}",
        "auto dérobée, quand suis-je remboursé",
        "plus de voiture devant chez moi, {object}",
      ],
    },
  },
  {
    id: "animal",
    line: "Auto",
    en: {
      names: ["collision with a deer", "wildlife strike", "animal on the road", "game collision"],
      events: [
        "A deer jumped onto the road and was struck; {object} damaged.",
        "A wild boar ran in front of the car at dusk; {object} damaged.",
        "The driver could not avoid an animal on the forest road; {object} damaged.",
      ],
      effects: [
        "The hunter in charge issued a certificate.",
        "Hair and blood were secured as evidence.",
      ],
      asks: [
        "hit a stag at night, {object} smashed",
        "beast crossed in front of the bonnet, {object}",
        "roe or boar accident in the woods, {object}",
      ],
    },
    fr: {
      names: [
        "collision avec un chevreuil",
        "choc avec un animal",
        "animal sur la route",
        "accident de gibier",
      ],
      events: [
        "Un chevreuil a bondi sur la chaussée et a été heurté ; {object} endommagé.",
        "Un sanglier a traversé devant la voiture au crépuscule ; {object} endommagé.",
        "Le conducteur n'a pu éviter un animal en forêt ; {object} endommagé.",
      ],
      effects: [
        "Le garde-chasse a délivré une attestation.",
        "Des poils et du sang ont été relevés.",
      ],
      asks: [
        "j'ai tapé une biche, {object} cassé",
        "bête sauvage en travers de la route, {object}",
        "cerf percuté de nuit, {object}",
      ],
    },
  },
  {
    id: "hail",
    line: "Auto",
    en: {
      names: ["hail damage", "hailstorm", "hail dents", "ice pellets"],
      events: [
        "Hailstones as large as eggs fell on the parked car; {object} damaged.",
        "A hailstorm left dozens of dents; {object} damaged.",
        "During the thunderstorm hail struck the bodywork; {object} damaged.",
      ],
      effects: [
        "The dents were pressed out without paint.",
        "The weather service confirmed the event.",
      ],
      asks: [
        "frozen lumps from the sky dented the {object}",
        "bodywork full of little bumps after the thunderstorm, {object}",
        "ice balls ruined the {object}",
      ],
    },
    fr: {
      names: ["dégâts de grêle", "grêle", "orage de grêle", "impacts de grêlons"],
      events: [
        "Des grêlons gros comme des œufs sont tombés sur la voiture garée ; {object} endommagé.",
        "Un orage de grêle a laissé des dizaines de bosses ; {object} endommagé.",
        "Pendant l'orage, la grêle a frappé la carrosserie ; {object} endommagé.",
      ],
      effects: ["Le débosselage s'est fait sans peinture.", "La météo a confirmé l'événement."],
      asks: [
        "glaçons tombés du ciel, {object} cabossé",
        "carrosserie couverte de petits creux après l'orage, {object}",
        "billes de glace sur {object}",
      ],
    },
  },
  {
    id: "parking",
    line: "Auto",
    en: {
      names: [
        "parking damage",
        "hit and run while parked",
        "scratched in a car park",
        "manoeuvring damage",
      ],
      events: [
        "An unknown driver scraped the parked car and left; {object} damaged.",
        "The car was found scratched in the supermarket car park; {object} damaged.",
        "While manoeuvring it touched a concrete pillar; {object} damaged.",
      ],
      effects: ["No witness could be found.", "The paint shop blended two panels."],
      asks: [
        "someone left a scrape while I was shopping and fled, {object}",
        "scuffed against a post when reversing, {object}",
        "unknown culprit marked the {object} of my stationary car",
      ],
    },
    fr: {
      names: [
        "dommage de stationnement",
        "délit de fuite en stationnement",
        "rayure sur parking",
        "dommage de manœuvre",
      ],
      events: [
        "Un inconnu a éraflé la voiture garée et a pris la fuite ; {object} endommagé.",
        "La voiture a été retrouvée rayée au parking du supermarché ; {object} endommagé.",
        "En manœuvrant, elle a touché un pilier en béton ; {object} endommagé.",
      ],
      effects: ["Aucun témoin n'a été trouvé.", "Le peintre a raccordé deux panneaux."],
      asks: [
        "quelqu'un a griffé ma portière pendant les courses, {object}",
        "frotté un poteau en reculant, {object}",
        "auteur inconnu parti sans laisser d'adresse, {object}",
      ],
    },
  },
];

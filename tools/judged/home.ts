import type { Concept } from "./concept.ts";

/** Incidents in and around homes. */
export const homeConcepts: readonly Concept[] = [
  {
    id: "pipe-burst",
    line: "Home",
    en: {
      names: ["burst pipe", "ruptured water line", "broken supply pipe", "plumbing failure"],
      events: [
        "A water pipe burst behind the wall of the {object}.",
        "The supply line under the {object} ruptured overnight.",
        "The plumbing gave way suddenly and water sprayed into the {object}.",
      ],
      effects: [
        "The flooring had to be torn out and dried.",
        "A plumber shut the main valve and replaced the joint.",
      ],
      asks: [
        "sudden escape of water from the plumbing in the {object}",
        "pipe cracked and soaked the {object}",
        "water gushing out of a broken tube near the {object}",
      ],
    },
    fr: {
      names: [
        "rupture de canalisation",
        "tuyau éclaté",
        "conduite d'eau rompue",
        "défaillance de plomberie",
      ],
      events: [
        "Une canalisation a éclaté derrière le mur : {object}.",
        "Le tuyau d'alimentation s'est rompu pendant la nuit : {object}.",
        "La plomberie a lâché brusquement et l'eau a jailli : {object}.",
      ],
      effects: [
        "Le plancher a dû être déposé et séché.",
        "Un plombier a fermé la vanne et remplacé le raccord.",
      ],
      asks: [
        "conduite cassée, eau partout dans {object}",
        "fuite soudaine de plomberie : {object}",
        "tuyau qui a pété, {object} trempé",
      ],
    },
  },
  {
    id: "slow-leak",
    line: "Home",
    en: {
      names: ["gradual leak", "slow seepage", "long-standing drip", "progressive water ingress"],
      events: [
        "A slow leak had soaked the {object} for several months.",
        "Moisture seeped little by little into the {object}.",
        "A worn seal dripped unnoticed behind the {object}.",
      ],
      effects: [
        "Mould and rotten timber were found.",
        "The damage is due to wear and lack of maintenance.",
      ],
      asks: [
        "damp that built up over months in the {object}",
        "mouldy {object} after dripping nobody noticed",
        "is wear and tear from a hidden trickle of water covered",
      ],
    },
    fr: {
      names: ["fuite lente", "infiltration progressive", "suintement ancien", "humidité par usure"],
      events: [
        "Une fuite lente avait imbibé les lieux depuis des mois : {object}.",
        "L'humidité s'est infiltrée peu à peu : {object}.",
        "Un joint usé gouttait sans que personne le remarque : {object}.",
      ],
      effects: [
        "Des moisissures et du bois pourri ont été constatés.",
        "Le dommage vient de l'usure et du défaut d'entretien.",
      ],
      asks: [
        "moisi apparu après des mois de goutte-à-goutte : {object}",
        "vétusté d'un joint et humidité cachée, {object}",
        "dégât progressif non soudain, {object}",
      ],
    },
  },
  {
    id: "flood",
    line: "Home",
    en: {
      names: ["river flood", "inundation", "rising flood water", "overflow of the river"],
      events: [
        "The river rose above its banks and inundated the {object}.",
        "Flood water entered the {object} after days of rain.",
        "The stream overflowed and the {object} stood under water.",
      ],
      effects: ["Mud covered the ground floor.", "The flood exclusion of the policy was examined."],
      asks: [
        "the creek burst its banks and filled the {object}",
        "high water from outside reached the {object}",
        "deluge of muddy water in the {object}",
      ],
    },
    fr: {
      names: ["inondation", "crue de la rivière", "débordement du cours d'eau", "montée des eaux"],
      events: [
        "La rivière est sortie de son lit et a inondé les lieux : {object}.",
        "La crue a envahi les lieux après plusieurs jours de pluie : {object}.",
        "Le ruisseau a débordé et tout s'est retrouvé sous l'eau : {object}.",
      ],
      effects: [
        "La boue couvrait le rez-de-chaussée.",
        "L'exclusion des crues prévue au contrat a été examinée.",
      ],
      asks: [
        "le fleuve a débordé jusque dans {object}",
        "eaux boueuses venues de dehors : {object}",
        "submersion du logement, {object}",
      ],
    },
  },
  {
    id: "house-fire",
    line: "Home",
    en: {
      names: ["house fire", "blaze", "fire damage", "domestic fire"],
      events: [
        "A fire broke out in the {object} while dinner was cooking.",
        "Flames from an overheated socket spread to the {object}.",
        "A blaze started by a candle destroyed part of the {object}.",
      ],
      effects: [
        "Smoke and soot blackened the walls.",
        "The fire brigade put the fire out within the hour.",
      ],
      asks: [
        "things burned in the {object}",
        "soot everywhere after an electrical short in the {object}",
        "candle set the {object} alight",
      ],
    },
    fr: {
      names: ["incendie", "feu domestique", "sinistre incendie", "départ de feu"],
      events: [
        "Un incendie s'est déclaré pendant la préparation du repas : {object}.",
        "Les flammes d'une prise en surchauffe ont gagné les lieux : {object}.",
        "Une bougie a mis le feu et détruit une partie des lieux : {object}.",
      ],
      effects: [
        "La fumée et la suie ont noirci les murs.",
        "Les pompiers ont éteint le feu en une heure.",
      ],
      asks: [
        "ça a brûlé dans {object}",
        "suie partout après un court-circuit, {object}",
        "logement parti en flammes, {object}",
      ],
    },
  },
  {
    id: "storm",
    line: "Home",
    en: {
      names: ["storm damage", "windstorm", "gale damage", "hurricane-force wind"],
      events: [
        "The storm tore tiles off above the {object}.",
        "Gusts brought a tree down onto the {object}.",
        "A gale lifted the roofing and rain came into the {object}.",
      ],
      effects: [
        "A tarpaulin was put up as an emergency measure.",
        "The roofer replaced ridge tiles and gutters.",
      ],
      asks: [
        "strong wind ripped the roof, {object} got wet",
        "tree fell on the {object} in bad weather",
        "tempest blew slates away above the {object}",
      ],
    },
    fr: {
      names: ["tempête", "dommages dus au vent", "coup de vent", "ouragan"],
      events: [
        "La tempête a arraché des tuiles au-dessus : {object}.",
        "Les rafales ont abattu un arbre sur les lieux : {object}.",
        "Le vent a soulevé la toiture et la pluie est entrée : {object}.",
      ],
      effects: [
        "Une bâche a été posée en urgence.",
        "Le couvreur a remplacé les faîtières et les gouttières.",
      ],
      asks: [
        "toit emporté par les bourrasques, {object}",
        "arbre tombé à cause du mauvais temps : {object}",
        "ardoises envolées et pluie dans {object}",
      ],
    },
  },
];

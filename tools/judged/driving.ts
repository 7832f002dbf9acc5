import type { Concept } from "./concept.ts";

/** Incidents of vehicles on the road, and what their drivers did. */
export const drivingConcepts: readonly Concept[] = [
  {
    id: "windscreen",
    line: "Auto",
    en: {
      names: ["windscreen chip", "cracked windshield", "stone chip", "windscreen replacement"],
      events: [
        "A stone thrown up by a lorry cracked the windscreen; {object} checked as well.",
        "A chip in the windshield grew into a crack; {object} checked as well.",
        "Gravel struck the front glass on the motorway; {object} checked as well.",
      ],
      effects: [
        "The glass was replaced and the camera calibrated.",
        "The chip was filled with resin.",
      ],
      asks: [
        "pebble hit my front window on the highway",
        "glass in front of the driver is splitting, {object}",
        "gravel impact and camera recalibration",
      ],
    },
    fr: {
      names: [
        "impact sur pare-brise",
        "pare-brise fissuré",
        "éclat de pierre",
        "remplacement de pare-brise",
      ],
      events: [
        "Une pierre projetée par un camion a fissuré le pare-brise ; {object} contrôlé aussi.",
        "Un éclat du pare-brise s'est étendu en fissure ; {object} contrôlé aussi.",
        "Des gravillons ont frappé la vitre avant sur l'autoroute ; {object} contrôlé aussi.",
      ],
      effects: [
        "La vitre a été remplacée et la caméra étalonnée.",
        "L'impact a été comblé à la résine.",
      ],
      asks: [
        "caillou reçu sur la glace avant",
        "vitre du conducteur fendue par un gravier, {object}",
        "réparer un impact avec de la résine",
      ],
    },
  },
  {
    id: "aquaplaning",
    line: "Auto",
    en: {
      names: [
        "loss of control on a wet road",
        "aquaplaning",
        "skidding accident",
        "single-vehicle accident",
      ],
      events: [
        "The car skidded on the wet road and hit the barrier; {object} damaged.",
        "Aquaplaning sent the vehicle into the ditch; {object} damaged.",
        "On black ice the driver lost control; {object} damaged.",
      ],
      effects: ["The car was recovered by a crane.", "Tyres were found within the legal tread."],
      asks: [
        "slid off a slippery bend, {object}",
        "left the carriageway on ice without touching anybody, {object}",
        "spun in heavy rain and landed in a field, {object}",
      ],
    },
    fr: {
      names: [
        "perte de contrôle sur route mouillée",
        "aquaplanage",
        "dérapage",
        "accident sans tiers",
      ],
      events: [
        "La voiture a dérapé sur la route mouillée et touché la glissière ; {object} endommagé.",
        "L'aquaplanage a envoyé le véhicule au fossé ; {object} endommagé.",
        "Sur le verglas, le conducteur a perdu le contrôle ; {object} endommagé.",
      ],
      effects: [
        "La voiture a été relevée par une grue.",
        "Les pneus avaient la profondeur légale.",
      ],
      asks: [
        "glissé dans un virage sous la pluie, {object}",
        "sorti de la route tout seul, {object}",
        "tête-à-queue sur chaussée gelée, {object}",
      ],
    },
  },
  {
    id: "racing",
    line: "Auto",
    en: {
      names: ["racing event", "track day", "speed contest", "competition use"],
      events: [
        "The car left the circuit during a timed lap; {object} damaged.",
        "The damage arose on a track day with instructor; {object} damaged.",
        "Two drivers held a speed contest; {object} damaged.",
      ],
      effects: ["The racing exclusion applies.", "The organiser's licence was requested."],
      asks: [
        "crashed while lapping for fun at the motor circuit, {object}",
        "is a street duel against the clock paid for",
        "sporting use of the car, {object} broken",
      ],
    },
    fr: {
      names: [
        "compétition automobile",
        "journée circuit",
        "course de vitesse",
        "usage en compétition",
      ],
      events: [
        "La voiture a quitté la piste pendant un tour chronométré ; {object} endommagé.",
        "Le dommage est survenu lors d'une journée circuit ; {object} endommagé.",
        "Deux conducteurs faisaient une course de vitesse ; {object} endommagé.",
      ],
      effects: [
        "L'exclusion des courses s'applique.",
        "La licence de l'organisateur a été demandée.",
      ],
      asks: [
        "accident en roulant sur piste pour le plaisir, {object}",
        "défi contre la montre entre amis, est-ce payé",
        "usage sportif de l'auto, {object}",
      ],
    },
  },
  {
    id: "delivery",
    line: "Auto",
    en: {
      names: ["commercial delivery", "courier use", "paid transport of goods", "business use"],
      events: [
        "The driver was carrying parcels for pay at the time; {object} damaged.",
        "The accident happened on a food delivery round; {object} damaged.",
        "The private car served a courier company; {object} damaged.",
      ],
      effects: ["Use for hire or reward is not insured.", "The app's trip log was requested."],
      asks: [
        "bringing pizzas to customers when it happened, {object}",
        "working as a messenger with my own vehicle, {object}",
        "gig driver dropping packages",
      ],
    },
    fr: {
      names: [
        "livraison commerciale",
        "usage de coursier",
        "transport rémunéré",
        "usage professionnel",
      ],
      events: [
        "Le conducteur transportait des colis contre paiement ; {object} endommagé.",
        "L'accident s'est produit pendant une tournée de repas ; {object} endommagé.",
        "La voiture privée servait à une société de coursiers ; {object} endommagé.",
      ],
      effects: [
        "L'usage à titre onéreux n'est pas assuré.",
        "Le journal des trajets de l'application a été demandé.",
      ],
      asks: [
        "j'apportais des pizzas aux clients, {object}",
        "je travaillais comme livreur avec mon auto, {object}",
        "chauffeur à la tâche qui dépose des paquets",
      ],
    },
  },
];

import type { englishRules } from "./rules.en.ts";

/** The rules in French. */
export const frenchRules: typeof englishRules = {
  NO_CONTRACT: {
    title: "Aucun contrat de ce type",
    says: "L’assuré n’a aucun contrat de ce type",
    tells: "L’assuré n’a aucun contrat {claim_type}",
  },
  CONTRACT_NOT_ACTIVE: {
    title: "Contrat inactif",
    says: "Aucun contrat de ce type n’est en vigueur à la date du sinistre",
    tells:
      "Le contrat {contract_number} ne couvre pas le sinistre du {incident_date} : il est {reason} (garantie du {start_date} au {end_date})",
  },
  EXCLUSION: {
    title: "Exclu par le contrat",
    says: "Le contrat exclut cette cause ou ce soin",
    tells: "Le contrat exclut « {exclusion} », que le document indique : « {value} »",
    suspects:
      "Le document parle peut-être de « {exclusion} », que le contrat exclut ; on y lit : « {value} »",
  },
  BELOW_DEDUCTIBLE: {
    title: "Sous la franchise",
    says: "Rien n’est à payer : le montant ne dépasse pas la franchise et le ticket modérateur",
    tells:
      "Rien n’est à payer : le montant de {amount} ne dépasse pas la franchise et le ticket modérateur ({deductible} + {copay})",
  },
  LATE_FILING: {
    title: "Déclaré trop tard",
    says: "La demande a été déposée après le délai",
    tells:
      "Déposée {days} jours après le sinistre du {incident_date} ; le délai est de {limit_days} jours",
  },
  OVER_LIMIT: {
    title: "Au-delà de la garantie",
    says: "Le montant dépasse le plafond ; le montant à payer y est limité",
    tells:
      "Le montant de {amount} dépasse le plafond de {coverage_amount} ; {payable_amount} au plus sont à payer",
  },
  HIGH_VALUE: {
    title: "Montant élevé",
    says: "Le montant atteint le seuil à partir duquel une personne décide",
    tells: "Le montant de {amount} atteint {threshold}, seuil à partir duquel une personne décide",
  },
  PRIOR_AUTH_MISSING: {
    title: "Accord préalable manquant",
    says: "Le numéro de l’accord préalable manque",
    tells:
      "Au-delà de {limit}, il faut un numéro d’accord préalable ; le document indique {amount}",
  },
  DUPLICATE: {
    title: "Déjà déclaré",
    says: "Une demande déposée plus tôt porte sur le même document ou le même événement",
    tells: "Déjà déposée avec le {same} : {claim_numbers}",
  },
  LOW_AGENT_CONFIDENCE: {
    title: "L’agent n’est pas sûr",
    says: "L’agent n’est pas assez sûr de sa proposition",
    tells:
      "L’agent est sûr de sa proposition à {confidence} ; en dessous de {limit}, une personne décide",
  },
  CLAIMANT_MISMATCH: {
    title: "Nom d’une autre personne",
    says: "Le nom sur le document n’est pas celui de l’assuré",
    tells: "Le document nomme « {document_name} », l’assuré est « {user_name} »",
  },
  POLICY_MISMATCH: {
    title: "Contrat d’une autre personne",
    says: "Le numéro de contrat sur le document n’est pas celui de l’assuré",
    tells:
      "Le numéro de contrat « {document_policy_number} » du document n’est pas l’un de ceux de l’assuré",
  },
  MISSING_FIELD: {
    title: "Il manque quelque chose",
    says: "Une indication nécessaire manque ou ne peut pas être utilisée",
    tells: "Manque ou inutilisable : {missing}",
  },
  LOW_OCR_CONFIDENCE: {
    title: "Difficile à lire",
    says: "Le document n’a pas été lu avec assez de certitude",
    tells: "Ce qui compte a été lu avec une confiance inférieure à {limit}",
  },
  DOCUMENT_NOT_READ: { title: "Document non lu", says: "Le document n’a pas été lu" },
  CURRENCY_MISMATCH: {
    title: "Monnaies différentes",
    says: "La demande et le contrat ne sont pas dans la même monnaie",
    tells: "La demande est en {claim_currency}, le contrat en {contract_currency}",
  },
  PROMPT_INJECTION: {
    title: "Instructions à l’agent",
    says: "Le document contient des instructions adressées à l’agent",
  },
  NO_DECISION_RECORDED: {
    title: "Aucune décision enregistrée",
    says: "Le traitement s’est terminé sans décision valable",
  },
  SHIELD_BLOCKED: {
    title: "Arrêté par le filtre",
    says: "Le filtre de protection s’oppose au texte du document",
  },
  SHIELD_UNAVAILABLE: {
    title: "Filtre indisponible",
    says: "Le filtre de protection ne répond pas",
  },
  STEP_LIMIT_REACHED: {
    title: "Agent inachevé",
    says: "L’agent n’est pas arrivé au bout dans les limites fixées",
  },
};

import type { ClaimType, SampleClaim } from "./sampleClaim.ts";

type Language = SampleClaim["language"];
/** A label in English and in French. */
type Words = Readonly<Record<Language, string>>;

/** What stands over the document. */
export const titles: Readonly<Record<ClaimType, Words>> = {
  Auto: { eng: "Auto insurance claim", fra: "Déclaration de sinistre automobile" },
  Home: { eng: "Home insurance claim", fra: "Déclaration de sinistre habitation" },
  Medical: { eng: "Medical claim", fra: "Demande de remboursement de soins" },
  Life: { eng: "Life insurance claim", fra: "Demande de capital décès" },
};

/** The rows of a document in printed order; `incident`, `name`, `amount` and the like are filled in for every claim. */
export const rowsOf: Readonly<Record<ClaimType, Readonly<Record<string, Words>>>> = {
  Auto: {
    number: { eng: "Claim number", fra: "Numéro de sinistre" },
    incident: { eng: "Date of incident", fra: "Date du sinistre" },
    name: { eng: "Claimant name", fra: "Nom de l'assuré" },
    policy: { eng: "Policy number", fra: "Numéro de contrat" },
    address: { eng: "Address", fra: "Adresse" },
    vehicle: { eng: "Vehicle", fra: "Véhicule" },
    plate: { eng: "License plate", fra: "Immatriculation" },
    location: { eng: "Location", fra: "Lieu" },
    amount: { eng: "Estimated repair cost", fra: "Coût estimé des réparations" },
    police: { eng: "Police report number", fra: "Numéro du rapport de police" },
    filed: { eng: "Date", fra: "Date" },
  },
  Home: {
    number: { eng: "Claim number", fra: "Numéro de sinistre" },
    incident: { eng: "Date of loss", fra: "Date du sinistre" },
    lossType: { eng: "Type of loss", fra: "Type de sinistre" },
    cause: { eng: "Cause", fra: "Cause" },
    address: { eng: "Property address", fra: "Adresse du bien" },
    name: { eng: "Claimant name", fra: "Nom de l'assuré" },
    policy: { eng: "Policy number", fra: "Numéro de contrat" },
    amount: { eng: "Estimated repair cost", fra: "Coût estimé des réparations" },
    emergency: { eng: "Emergency services", fra: "Mesures d'urgence" },
    photos: { eng: "Photos", fra: "Photos" },
  },
  Medical: {
    number: { eng: "Claim number", fra: "Numéro de sinistre" },
    incident: { eng: "Date of service", fra: "Date des soins" },
    name: { eng: "Patient", fra: "Patient" },
    policy: { eng: "Policy number", fra: "Numéro de contrat" },
    address: { eng: "Address", fra: "Adresse" },
    provider: { eng: "Provider", fra: "Praticien" },
    npi: { eng: "NPI", fra: "NPI" },
    diagnosisCode: { eng: "Diagnosis code", fra: "Code diagnostic" },
    diagnosis: { eng: "Diagnosis", fra: "Diagnostic" },
    procedure: { eng: "Procedure", fra: "Acte" },
    authorization: { eng: "Authorization number", fra: "Numéro d'accord préalable" },
    amount: { eng: "Total charges", fra: "Montant total" },
  },
  Life: {
    number: { eng: "Claim number", fra: "Numéro de sinistre" },
    incident: { eng: "Date of death", fra: "Date du décès" },
    name: { eng: "Insured", fra: "Assuré" },
    policy: { eng: "Policy number", fra: "Numéro de contrat" },
    address: { eng: "Address", fra: "Adresse" },
    beneficiary: { eng: "Beneficiary", fra: "Bénéficiaire" },
    certificate: { eng: "Certificate number", fra: "Numéro de l'acte de décès" },
    amount: { eng: "Amount", fra: "Montant" },
  },
};

/** What stands over each paragraph of the story. */
export const storyTitles: Readonly<Record<ClaimType, readonly [Words, Words]>> = {
  Auto: [
    { eng: "Incident description", fra: "Description de l'accident" },
    { eng: "Damage description", fra: "Description des dommages" },
  ],
  Home: [
    { eng: "What happened", fra: "Circonstances" },
    { eng: "Damage", fra: "Dommages" },
  ],
  Medical: [
    { eng: "History", fra: "Antécédents" },
    { eng: "Treatment", fra: "Traitement" },
  ],
  Life: [
    { eng: "Circumstances", fra: "Circonstances" },
    { eng: "Request", fra: "Demande" },
  ],
};

/** Who the documents are addressed to. */
export const letterhead: Words = {
  eng: "Meridian Mutual Insurance, Claims Department",
  fra: "Meridian Mutuelle, service des sinistres",
};

/** Who people are on a claim, in English and French; behind these words stands a name. */
const roles =
  "claimant|patient|insured|policy ?holder|beneficiary|witness|driver|passenger|pedestrian|tenant|landlord|executor" +
  "|demandeur|demanderesse|d[ée]clarante?|assur[ée]e?|b[ée]n[ée]ficiaire|titulaire|t[ée]moin|conducteur|conductrice" +
  "|passager|passag[èe]re|pi[ée]ton|locataire|d[ée]funte?|deceased";
/** Words that tell of a person in running text alone; as labels they stand before other things as well. */
const relations =
  "husband|wife|spouse|son|daughter|mother|father|brother|sister|neighbou?r" +
  "|[ée]poux|[ée]pouse|mari|fils|fille|m[èe]re|p[èe]re|fr[èe]re|s[œo]eur|voisine?";
/** Labels of people who take part in a claim without being its subject, and of who signs. */
const helpers =
  "(?:attending |treating )?(?:physician|doctor|surgeon)|(?:emergency )?contact(?: person)?|signed(?: by)?|reported by" +
  "|prepared by|completed by|owner|spouse|next of kin|adjuster|attorney" +
  "|m[ée]decin(?: traitant)?|chirurgien|sign[ée](?: par)?|fait par|r[ée]dig[ée] par|propri[ée]taire|conjointe?|expert|notaire|avocate?";
const ranks =
  "Mr|Mrs|Ms|Miss|Dr|Prof|Professor|Doctor|Nurse|Officer|Sergeant|Sgt|Detective|Constable" +
  "|Mme|Mlle|Monsieur|Madame|Mademoiselle|Docteur|Professeur|Ma[îi]tre|Brigadier|Gendarme";

const word = String.raw`\p{Lu}[\p{L}'’-]{1,30}`;
/** A first name or initial and a last name, with what may stand between them. */
const fullName = String.raw`(?:${word}|\p{Lu}\.)(?: (?:\p{Lu}\.|de|du|des|d'|van|von|der|den|di|da)){0,2}(?: ${word}){1,3}`;
/** As `fullName`, in whatever case a form is filled in. */
const anyName = String.raw`\p{L}[\p{L}'’.-]{0,30}(?:,? \p{L}[\p{L}'’.-]{0,30}){1,4}`;
const colon = String.raw`[ \t]{0,5}[:=][ \t]{0,10}`;
const lineStart = String.raw`(?:^|[ \t]{2}|[;|])[ \t]{0,20}`;
const fieldEnd = String.raw`(?=[ \t]{0,9}(?:$|[\t,;|(\r]|[ \t]{2}))`;
const nameLabels = `(?:${roles})(?:'s)?(?: (?:full )?name)?|(?:full )?name(?: of (?:the )?(?:${roles}))?|nom(?: (?:complet|et pr[ée]nom|du (?:${roles})|de l'(?:${roles})|de la (?:${roles})))?`;
const partLabels =
  "(?:first|given|middle|last|family|maiden) name|surname|forename|pr[ée]noms?|nom(?: (?:de famille|de naissance|d'usage|de jeune fille|marital))?";

/** Where names of people stand, without anybody having told them before. */
export const namePatterns: readonly RegExp[] = [
  // Behind a label and a colon, in any case.
  new RegExp(
    `${lineStart}(?:${nameLabels}|${helpers})${colon}(?<value>${anyName})${fieldEnd}`,
    "dgimu",
  ),
  // A part of a name, behind a label that says so.
  new RegExp(
    String.raw`${lineStart}(?i:${partLabels})${colon}(?<value>\p{Lu}[\p{L}'’-]{1,30}(?:[ ,]{1,2}\p{Lu}[\p{L}'’-]{1,30}){0,3})${fieldEnd}`,
    "dgmu",
  ),
  // Behind a label without a colon, as forms in two columns are read: the rest of the line is the name.
  new RegExp(
    String.raw`^[ \t]{0,20}(?i:${nameLabels})[ \t]{1,40}(?<value>${fullName})[ \t]{0,9}$`,
    "dgmu",
  ),
  // In running text: the witness John Smith, l'assuré, Jean Dupont.
  new RegExp(
    String.raw`(?<![\p{L}-])(?i:${roles}|${relations}),?[ \n](?<value>${fullName})(?![\p{L}])`,
    "dgu",
  ),
  new RegExp(
    String.raw`(?<![\p{L}])(?:${ranks})\.? (?<value>(?:\p{Lu}\. ?){0,2}${word}(?: ${word}){0,2})`,
    "dgu",
  ),
  // M. Dupont; not the initial of Camille M. Roche, and not 200 M. at the end of a sentence.
  new RegExp(
    String.raw`(?<![\p{L}.]|\d ?|\p{Lu}[\p{L}'-]{1,30} )M\. (?!L[ea]s? \p{Ll})(?<value>(?:\p{Lu}\. ?)?${word}(?: ${word}){0,2})`,
    "dgu",
  ),
];

/** Words of headings, forms and organisations: what holds one is no person's name. */
const otherWords = new RegExp(
  String.raw`(?<![\p{L}])(?:${[
    "accounts?|address|admitted|advocate|age|agency|amount|benefits?|billing|care|cent(?:er|re)|chart|claims?|clinic|company|consent|contract",
    "council|coverage|date|department|description|designation|desk|details|diagnosis|door|e-?mail|financial|form|garage|history|hospital|id|inc",
    "information|insurance|licen[cs]e|limited|llc|ltd|mutual|name|number|office|party|pending|phone|police|policy|portal|property|provider",
    "receipt|records?|registration|relationship|reports?|responsibility|rights|safety|seat|section|services?|side|signature|statements?|status",
    "school|support|team|telephone|type|university|unknown|vehicle|visit",
    // Makes of cars stand behind the insured and the driver as well; none of these is a usual last name.
    "audi|bmw|chevrolet|chrysler|citro[ëe]n|dacia|fiat|honda|hyundai|jeep|kia|mazda|mitsubishi|nissan|opel|subaru|toyota|volkswagen|volvo",
    "adresse|agence|assurances?|bureau|cabinet|centre|civile|clinique|compte|contrat|d[ée]claration|directeur|directrice|direction|formulaire|h[ôo]pital|identit[ée]|inconnue?",
    "mairie|montant|mutuelle|nom|num[ée]ro|oculaire|pr[ée]nom|pr[ée]sidente?|principale?|responsabilit[ée]|sarl|sas|sant[ée]|sinistres?|soci[ée]t[ée]|t[ée]l[ée]phone|v[ée]hicule",
  ].join("|")})(?![\p{L}])`,
  "iu",
);

/** Whether a text in a name's place may be one. */
export function mayBeName(text: string): boolean {
  return !otherWords.test(text);
}

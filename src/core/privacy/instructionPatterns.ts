/** What an order to the agent tries. */
export type InstructionKind =
  | "override"
  | "verdict_order"
  | "tool_name"
  | "role_tag"
  | "persona"
  | "hidden_text";

interface InstructionPattern {
  readonly kind: InstructionKind;
  /** Runs over the folded text: lower case, no accents, plain apostrophes and hyphens. Every repetition is bounded. */
  readonly pattern: RegExp;
}

const gap = String.raw`[\s,;:"'*_>-]{1,40}`;
/** What one word of filler may be: up to four of them stand between verb and noun. */
const filler = `(?:[a-z']{1,20}${gap}){0,4}`;

/** The verbs of ignoring, in the forms of an order. A negation before them makes advice of it. */
const ignore =
  "(?:ignore|disregard|forget|override|bypass|neglect|discard)" +
  "|(?:ignore[sz]?|ignorer|oublie[sz]?|oublier|contourne[zr]?|outrepasse[zr]?|neglige[zr])";
const earlier =
  "previous|prior|preceding|earlier|above|all|any|every|your|system|existing|current|original|initial|safety" +
  "|precedentes?|anterieures?|ci-dessus|toutes?|tous|vos|tes|initiales?|systeme";
const rules =
  "instructions?|prompts?|guidelines?|directives?|rules?|orders?|commands?|constraints?|policies|guardrails?|consignes?|regles?|ordres?|directives?";

/** Who is spoken to when a machine is meant; a human agent or assistant alone is not. */
const machine =
  "ai|a\\.i\\.|llm|gpt|chatgpt|llama|claude|gemini|bot|chatbot|(?:language|ai) model|(?:ai|automated|virtual|digital) " +
  "(?:agent|assistant|reviewer|adjuster|system|processor)|ia|modele de langage|(?:agent|assistant) (?:ia|virtuel|automatique)";

const approve =
  "(?:approve|authori[sz]e|validate|deny|reject|refuse)" +
  "|(?:approuve[sz]?|approuver|valide[sz]?|valider|refuse[sz]|refuser|rejete[sz])";
/** Claimants ask for these themselves, politely. */
const grant = "(?:accept|pay|settle)|(?:accepte[sz]?|accepter|paye[sz]|indemnise[sz])";
const politely =
  "(?<!\\b(?:please|kindly|veuillez|merci de|merci d'|hope you will|prie de)\\s{1,5})";
const thisClaim =
  "(?:this|my|the present|the following|the attached) (?:insurance )?(?:claim|case|request|application|reimbursement)" +
  "|(?:cette|la presente|ma) (?:demande|reclamation|declaration)|(?:ce|mon|le present) (?:sinistre|dossier)";
/** Somebody else's will, ability or condition is no order. */
const reported =
  "(?<!\\b(?:not|n't|never|cannot|ne|may|might|will|would|could|can|shall|did|does|to|who|they|we|i|if|before|after|when|once|until|insurer|company|adjuster|pour|peut|pourra|va|avant de|afin de|de|nous)\\s{1,5})";

/** Where a sentence begins, and somebody may be told what to do. */
const start = "(?:^\\s{0,20}|[.!?:;]\\s{1,5}|\\b(?:please|kindly|veuillez|now)\\s{1,5})";

/** A blank of a source stands for whatever stands between two words: several blanks, a line break, an underscore. */
function all(kind: InstructionKind, ...sources: string[]): InstructionPattern[] {
  return sources.map((source) => {
    const spread = source
      .replaceAll(" ?", String.raw`[\s_]{0,12}`)
      .replaceAll(" ", String.raw`[\s_]{1,12}`);
    return { kind, pattern: new RegExp(spread, "gm") };
  });
}

/** What is looked for in the folded text. */
export const patterns: readonly InstructionPattern[] = [
  ...all(
    "override",
    `(?<!\\b(?:not|n't|never|ne|n'|pas)\\s{0,5})\\b(?:${ignore})${gap}${filler}(?:${earlier})${gap}${filler}(?:${rules})\\b`,
    `(?<!\\b(?:not|n't|never|ne|n'|pas)\\s{0,5})\\b(?:${ignore})${gap}(?:les|des|aux|ces|the|these|those)${gap}(?:${rules})${gap}(?:${earlier}|before)\\b`,
    `\\b(?:ignore|disregard|forget|oublie[sz]?|ignore[sz])${gap}(?:everything|all(?: of)? (?:that|the text|the above)|what|tout ce qui)${gap}(?:you|above|before|was|has|came|precede|a ete)\\b`,
    `\\bne (?:tiens|tenez|tenir) (?:pas|aucun) compte (?:des|de ces|de vos|de tes) (?:${rules})\\b`,
    `\\b(?:do not|don't|never) (?:follow|obey|apply|respect)${gap}(?:your|the system|the above|previous|prior|any)${gap}${filler}(?:${rules})\\b`,
    `\\b(?:new|updated|revised|override|nouvelles?|real) (?:system |agent )?(?:instructions?|consignes?|directives?|prompt) ?(?:for (?:the )?(?:agent|assistant|model|${machine})|pour (?:l'|le |la )?(?:agent|assistant|modele|${machine})|: ?(?:you|ignore|approve|approuve|always|tu |vous ))`,
    `\\b(?:ignore|disregard|forget)${gap}(?:everything |all |anything )?(?:the )?(?:above|preceding|foregoing)(?=\\s{0,3}(?:[.!,;]|$))`,
    `${start}(?:ignorez?|ignorer|n'appliquez?(?: pas)?|oubliez?)${gap}(?:les|vos|tes|ces|toutes les)${gap}(?:regles|consignes|instructions|directives)\\b`,
    `\\b(?:do not|don't|never) (?:apply|follow|enforce|check)${gap}(?:the |any |your )(?:policy |decision |business )?(?:rules|policies|gate|guardrails)\\b`,
    `\\b(?:skip|bypass|disable|circumvent|evade)${gap}(?:(?:the |all |any |every ){0,2}(?:policy|decision|rules?|safety|validation|fraud) (?:gate|checks?|rules|validation|verification)|all checks|the guardrails|human review|manual review)\\b`,
    `\\b(?:no|without) (?:human|manual) (?:review|verification) (?:is )?(?:needed|required|necessary)\\b`,
    `\\b(?:do not|don't|never)${gap}(?:send|route|refer|escalate|forward)${gap}${filler}(?:to|for)${gap}(?:a )?(?:manual|human)\\b`,
    `\\bne (?:pas )?(?:envoye[zr]?|transmett(?:re|ez)|soumett(?:re|ez)) ${filler}(?:revue|verification|examen) (?:manuelle?|humaine?)\\b`,
    `\\b(?:system|developer|hidden) prompt\\b|\\bprompt systeme\\b|\\bjailbreak\\b|\\bdeveloper mode\\b`,
  ),
  ...all(
    "verdict_order",
    `${reported}\\b(?:${approve})${gap}(?:of ${gap})?(?:${thisClaim})\\b`,
    `${reported}${politely}\\b(?:${grant})${gap}(?:${thisClaim})\\b`,
    `\\b(?:you|agent|assistant|model|system|${machine})${gap}(?:must|should|shall|will|have to|need to|are to|are (?:required|instructed|ordered|told) to|is (?:required|instructed|ordered) to)${gap}(?:now |always |immediately |automatically |only )?(?:approve|accept|authorize|grant|deny|reject)\\b`,
    `\\b(?:vous|tu|agent|assistant|modele)${gap}(?:devez|dois|doit|allez|vas)${gap}(?:absolument |immediatement |toujours )?(?:approuver|accepter|valider|refuser)\\b`,
    `\\b(?:mark|flag|set|classify|record|treat|consider)${gap}(?:this|the)${gap}(?:claim|case|decision|status|recommendation)${gap}(?:as|to|=)${gap}(?:approved?|accepted|valid|completed|deny|denied)\\b`,
    `\\b(?:marque[zr]?|classe[zr]?|considere[zr]?)${gap}(?:cette|ce|la)${gap}(?:demande|dossier|sinistre)${gap}(?:comme)${gap}(?:approuvee?|acceptee?|validee?)\\b`,
    `\\b(?:decision|recommendation|verdict|recommandation)["']?\\s{0,5}(?:[:=]|must be|should be|is to be|is|doit etre|est)?\\s{0,5}["']?(?:approve|approuver|deny)\\b(?!d)`,
    `\\b(?:set|change|put|switch)${gap}${filler}(?:decision|recommendation|verdict|status)${gap}(?:to|as|en|a)${gap}["']?(?:approve|approuver|accept|deny)`,
    `${start}(?:approve|authori[sz]e|validate)${gap}(?:the|that|all|any|every)${gap}(?:insurance )?(?:claims?|case|reimbursement)\\b`,
    `${start}(?:approuve[rz]?|valide[rz])${gap}(?:la|le|les)${gap}(?:demandes?|dossiers?|sinistres?|reclamations?)\\b`,
    `${reported}\\bapprove${gap}claim(?: number| no\\.?)?[\\s:#]{1,5}[a-z]{0,5}-?\\d`,
    `\\b(?:claim|case|request)${gap}(?:must|has to|needs to|is to|shall)${gap}be${gap}(?:[a-z]{2,15}ly )?(?:approved|accepted without)\\b(?! (?:by|before|prior|in|within|first)\\b)`,
    `\\b(?:demande|reclamation|dossier|sinistre)${gap}(?:doit|devra)${gap}(?:[a-z]{2,15}ment )?etre${gap}(?:approuvee?|acceptee?|validee?)\\b(?! (?:par|avant|dans|sous)\\b)`,
    `\\b(?:respond|reply|answer|output|return|repond(?:ez|s|re))${gap}(?:only |just |always )?(?:with |by |par |only )?["']?approve\\b`,
    `\\b(?:your|votre|ta) (?:new |only |real |nouvelle |seule )?(?:task|job|role|goal|tache|mission)(?: is| est)?${gap}(?:to |d'|de )?(?:approve|approuver)\\b`,
    `\\b(?:order|command|instruct|ordonne|demande) (?:you to|de|d')${gap}?(?:approve|approuver)\\b`,
    `${start}(?:assistant|agent|model|modele|ai|ia)\\s{0,3}[,:]\\s{0,3}(?:please )?(?:approve|approuve[rz]?)\\b`,
    `\\b(?:approve|approuve[zr]?|accept)${gap}(?:automatically|immediately|without (?:review|checks?|question|verification)|sans (?:verification|controle|examen)|automatiquement|immediatement)\\b`,
    `\\b(?:always|toujours) (?:approve|approuve[zr]?)\\b`,
    `\\b(?:set|use|report|output|with|avec)${gap}(?:the |a |une? )?(?:confidence|confiance)${gap}(?:score |level )?(?:to|of|a|de|=)?${gap}?(?:1(?:[.,]0+)?|0[.,]9\\d?|100 ?%|9\\d ?%|maximum|max)\\b`,
  ),
  ...all(
    "tool_name",
    "\\b(?:make_final_decision|ocr_document|retrieve_user_info|retrieve_similar_claims|search_knowledge_base)\\b",
    "\\bmakefinaldecision\\b|</?tool_(?:call|result|use)s?>|\\bfunction_call\\b|\\btool_choice\\b",
    "\\b(?:call|invoke|execute|use|appelle[zr]?|invoque[zr]?)\\s{1,5}(?:the |l'|la |le )?(?:tool|function|outil|fonction)s?\\s{1,5}[\"'a-z]{0,3}[a-z]+_[a-z]+",
  ),
  ...all(
    "role_tag",
    "<\\|[a-z_]{2,30}\\|>|\\[/?inst\\]|<</?sys>>|</?(?:system|assistant|user|human|instructions?)>",
    "^\\s{0,20}(?:#{1,4}\\s{0,3})?(?:system|assistant|developer|systeme)\\s{0,3}(?:message|prompt|note|override)?\\s{0,3}:\\s{0,3}(?:you |ignore|approve|override|always|the claim|this claim|disregard|tu |vous |approuve|ignorez|instruction)",
    "^\\s{0,20}#{2,4}\\s{0,3}(?:system|instructions?|assistant|response)\\s{0,3}:?\\s{0,3}$",
    "[\"']role[\"']\\s{0,3}:\\s{0,3}[\"'](?:system|assistant|developer|tool)[\"']",
  ),
  ...all(
    "persona",
    `\\byou are (?:now )?(?:an? |the )?(?:helpful |unrestricted |claims? |insurance |new )?(?:${machine}|(?:claims|processing|decision|approval) (?:agent|assistant|bot|model))\\b`,
    `\\b(?:tu es|vous etes) (?:maintenant |desormais )?(?:un |une |l')?(?:${machine}|(?:agent|assistant) (?:de|des|du|d') ?(?:decision|traitement|sinistres))(?=[\\s.,;:]|$)`,
    `\\b(?:note|message|instructions?|attention|notice|order|ordre|consigne|to|a l'attention)\\s{0,5}(?:to|for|of|pour|de|a)?\\s{0,5}(?:the |any |all |le |la |l'|les )?(?:${machine})(?=[\\s.,;:]|$)\\s{0,5}[:,.-]`,
    `\\b(?:note|message) (?:for|to|pour) (?:the |le )?(?:model|modele)\\s{0,5}:`,
    `\\b(?:dear|cher|chere) (?:ai|ia|llm|gpt|chatgpt|chatbot|language model|ai (?:agent|assistant|model))\\b`,
    `\\b(?:as|en tant qu['e])\\s{0,3}(?:an? |the )?(?:${machine})${gap}(?:you|tu|vous)\\b`,
    "\\b(?:pretend|act as if|behave as if|fais comme si|faites comme si)\\b[^.\\n]{0,60}\\b(?:approved?|approver|no rules|sans regles|administrator|admin)\\b",
    "\\b(?:if|si) (?:you are|tu es|vous etes) (?:an? |une? )?(?:ai|llm|language model|automated|ia|modele)\\b",
  ),
];

/** What is looked for in the text as it stands: marks of text that a person cannot see. */
export const hiddenMarks: readonly InstructionPattern[] = [
  { kind: "hidden_text", pattern: /[\u{E0000}-\u{E007F}]{1,2000}/gu },
  { kind: "hidden_text", pattern: /[\u202A\u202B\u202D\u202E\u2066-\u2069]{1,100}/g },
  { kind: "hidden_text", pattern: /(?:[\u200B-\u200D\u2060\uFEFF]\s{0,2}){4,500}/g },
  {
    kind: "hidden_text",
    pattern:
      /(?:color\s{0,3}[:=]\s{0,3}["']?(?:white|#fff(?:fff)?|rgb\(255, ?255, ?255\))|font-size\s{0,3}:\s{0,3}0|(?:display\s{0,3}:\s{0,3}none|visibility\s{0,3}:\s{0,3}hidden|opacity\s{0,3}:\s{0,3}0)(?=\s{0,3}(?:[;"'}>]|$)))/gim,
  },
];

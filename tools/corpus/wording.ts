/** The words that test documents are written with. `{name}` and the like are filled in with facts. */
export interface Wording {
  sentences: readonly string[];
  people: readonly string[];
  streets: readonly string[];
  towns: readonly string[];
  companies: readonly string[];
  items: readonly string[];
  goods: readonly string[];
  labels: Readonly<Record<Label, string>>;
}

type Label =
  | "claimForm"
  | "claimNumber"
  | "policyNumber"
  | "claimant"
  | "address"
  | "incidentDate"
  | "location"
  | "cause"
  | "amount"
  | "invoice"
  | "invoiceNumber"
  | "date"
  | "customer"
  | "item"
  | "quantity"
  | "price"
  | "total"
  | "subtotal"
  | "tax"
  | "receipt"
  | "cash"
  | "thanks"
  | "statement"
  | "newsletter"
  | "greeting"
  | "regards";

const eng: Wording = {
  sentences: [
    "We have received your claim of {date} and thank you for the photographs that you enclosed.",
    "Our engineer visited the house in {town} and found that the pipe under the sink had burst.",
    "The kitchen floor has to be replaced, and two of the cupboards cannot be saved.",
    "Please send us the original invoice of {company} so that the amount of {amount} can be paid.",
    "Your policy covers sudden damage by water, but not what has leaked slowly over several months.",
    "A storm of force nine crossed the county that night and took forty tiles off the roof.",
    "The other driver did not stop at the red light and hit the left rear door of my car.",
    "Nobody was hurt, although the noise brought all the neighbours to their windows.",
    "The officer who wrote the report gave it the number {number} and kept a copy.",
    "I should be grateful for an answer before the end of the month, because the builders are waiting.",
    "As agreed on the telephone, the deductible is taken off before anything is paid out.",
    "The surveyor of {company} estimates the cost of the repair at {amount}, taxes included.",
    "In the event of a dispute, each party names an expert, and the two choose a third.",
    "{name} has worked in our office in {town} for eleven years and knows the district well.",
    "You may reach us from Monday to Friday between 8:30 and 17:00 at the address above.",
    "This letter does not admit any liability; all our rights remain reserved.",
    "The keys were handed over on {date} in the presence of both owners.",
    "Half of the sum was paid at once, the rest follows when the work has been inspected.",
    "Quick drying with hired equipment kept the damp from spreading to the upper floor.",
    "Six windows, a garden fence and the greenhouse have to be repaired or replaced.",
    "We regret that the delay was caused by a wrong number in our own files.",
    "Should the price of timber rise by more than 7.5%, the offer has to be calculated again.",
    "The treatment began on {date} and ended without any complication three weeks later.",
    "Jewellery was taken from the bedroom; the thief had forced the back door with a crowbar.",
  ],
  people: [
    "Margaret Ellison",
    "Thomas Hargreave",
    "Olivia Penhale",
    "Desmond Quick",
    "Beatrix Fairley",
    "Jonathan Mbeki",
    "Rachel Vance",
    "Winston Zhao",
  ],
  streets: ["Harbour Street", "Mill Lane", "Quarry Road", "Juniper Avenue", "Old Bridge Way"],
  towns: ["Westbury", "Kingsford", "Hazelmoor", "Port Denning", "Ashby Vale"],
  companies: ["Fairweather & Sons Ltd", "Brightwell Roofing", "Oxley Joinery", "Zenith Glazing"],
  items: [
    "Removal of damaged tiles",
    "Plasterboard, 12 mm",
    "Labour, two fitters",
    "Scaffolding hire",
    "Oak floorboards",
    "Waste disposal",
    "Primer and paint",
    "Copper pipe, 15 mm",
    "Window frame",
    "Electrical inspection",
  ],
  goods: [
    "Wholemeal bread",
    "Butter 250 g",
    "Apples Cox",
    "Coffee beans",
    "Washing powder",
    "Milk 2 l",
    "Light bulbs",
    "Orange juice",
    "Eggs x 12",
    "Newspaper",
  ],
  labels: {
    claimForm: "Notice of loss",
    claimNumber: "Claim number",
    policyNumber: "Policy number",
    claimant: "Claimant name",
    address: "Address",
    incidentDate: "Date of incident",
    location: "Location",
    cause: "Cause of loss",
    amount: "Amount claimed",
    invoice: "INVOICE",
    invoiceNumber: "Invoice number",
    date: "Date",
    customer: "Customer",
    item: "Description",
    quantity: "Qty",
    price: "Price",
    total: "Total",
    subtotal: "Subtotal",
    tax: "Tax",
    receipt: "RECEIPT",
    cash: "Cash",
    thanks: "Thank you for your visit",
    statement: "Statement of payments",
    newsletter: "News for our customers",
    greeting: "Dear",
    regards: "Yours sincerely,",
  },
};

const fra: Wording = {
  sentences: [
    "Nous avons bien reçu votre déclaration du {date} et vous remercions des photographies jointes.",
    "L'expert s'est rendu à {town} et a constaté la rupture d'un tuyau sous l'évier de la cuisine.",
    "Le plancher doit être remplacé et deux meubles n'ont pas pu être sauvés.",
    "Veuillez nous adresser la facture de {company} afin que la somme de {amount} soit réglée.",
    "Votre contrat couvre les dégâts soudains, mais non les fuites lentes ni l'usure.",
    "Une tempête a traversé le département cette nuit-là et arraché une quarantaine de tuiles.",
    "L'autre conducteur n'a pas respecté le feu rouge et a heurté la portière arrière gauche.",
    "Personne n'a été blessé, bien que le bruit ait réveillé tout le voisinage.",
    "Le procès-verbal porte le numéro {number} ; une copie est conservée à la mairie.",
    "Je vous saurais gré de bien vouloir répondre avant la fin du mois, car les ouvriers attendent.",
    "Comme convenu au téléphone, la franchise est déduite avant tout versement.",
    "L'entreprise {company} évalue le coût des réparations à {amount}, taxes comprises.",
    "En cas de litige, chaque partie désigne un expert et les deux en choisissent un troisième.",
    "{name} travaille à notre agence de {town} depuis onze ans et connaît bien le quartier.",
    "Vous pouvez nous joindre du lundi au vendredi, de 8 h 30 à 17 h, à l'adresse ci-dessus.",
    "La présente lettre ne vaut pas reconnaissance de responsabilité.",
    "Les clés ont été remises le {date} en présence des deux propriétaires.",
    "La moitié a été versée aussitôt ; le reste suivra après le contrôle des travaux.",
    "Grâce à un séchage rapide, l'humidité n'a pas gagné l'étage supérieur.",
    "Six fenêtres, une clôture et la serre sont à réparer ou à remplacer.",
    "Nous regrettons ce retard, dû à une erreur de numéro dans nos propres fichiers.",
    "Si le prix du bois augmente de plus de 7,5 %, le devis sera recalculé.",
    "Le traitement a débuté le {date} et s'est achevé sans complication trois semaines après.",
    "Des bijoux ont été dérobés dans la chambre ; la porte arrière avait été forcée.",
  ],
  people: [
    "Hélène Marchand",
    "François Lemaître",
    "Zoé Bélanger",
    "Jérôme Quesnel",
    "Anaïs Gauthier",
    "Benoît Chevalier",
    "Noémie Faure",
    "Gaëtan Roussel",
  ],
  streets: ["rue du Château", "avenue de la République", "place Saint-Rémy", "chemin des Prés"],
  towns: ["Beauvallon", "Saint-Étienne", "Montréjeau", "Villefranche", "Évry"],
  companies: ["Couverture Lefèvre", "Menuiserie Dubois", "Vitrerie du Théâtre", "Plomberie Gérard"],
  items: [
    "Dépose des tuiles abîmées",
    "Plaques de plâtre",
    "Main-d'œuvre, deux ouvriers",
    "Location d'échafaudage",
    "Lames de chêne",
    "Évacuation des gravats",
    "Peinture et apprêt",
    "Tuyau de cuivre 15 mm",
    "Châssis de fenêtre",
    "Contrôle électrique",
  ],
  goods: [
    "Pain complet",
    "Beurre 250 g",
    "Pommes reinettes",
    "Café en grains",
    "Lessive",
    "Lait 2 l",
    "Ampoules",
    "Jus d'orange",
    "Œufs x 12",
    "Journal",
  ],
  labels: {
    claimForm: "Déclaration de sinistre",
    claimNumber: "Numéro de sinistre",
    policyNumber: "Numéro de contrat",
    claimant: "Nom de l'assuré",
    address: "Adresse",
    incidentDate: "Date du sinistre",
    location: "Lieu",
    cause: "Cause du sinistre",
    amount: "Montant demandé",
    invoice: "FACTURE",
    invoiceNumber: "Numéro de facture",
    date: "Date",
    customer: "Client",
    item: "Désignation",
    quantity: "Qté",
    price: "Prix",
    total: "Total",
    subtotal: "Sous-total",
    tax: "TVA",
    receipt: "TICKET DE CAISSE",
    cash: "Espèces",
    thanks: "Merci de votre visite",
    statement: "Relevé des versements",
    newsletter: "Nouvelles pour nos clients",
    greeting: "Chère Madame, cher Monsieur",
    regards: "Veuillez agréer nos salutations distinguées,",
  },
};

export const wordings = { eng, fra } as const;
export type Language = keyof typeof wordings;

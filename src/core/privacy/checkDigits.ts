/** How long the IBANs of each country are (ISO 13616, the registry of SWIFT). */
const ibanLengths =
  "AD24AE23AL28AT20AZ28BA20BE16BG22BH22BI27BR29BY28CH21CR22CY28CZ24DE22DJ27DK18DO28EE20EG29ES24FI18FK18FO18FR27GB22GE22GI23GL18GR27" +
  "GT28HN28HR21HU28IE22IL23IQ23IS26IT27JO30KW30KZ20LB28LC32LI21LT20LU20LV21LY25MC27MD24ME22MK19MN20MR27MT31MU30NI28NL18NO15OM23" +
  "PK24PL28PS29PT25QA29RO24RS22RU33SA24SC31SD18SE24SI19SK24SM27SO23ST25SV28TL23TN24TR26UA29VA22VG24XK20YE30";

/** How many characters of `text`, which begins with one, an IBAN takes up, however it is grouped; 0 when it is none. */
export function ibanLength(text: string): number {
  const country = text.slice(0, 2).toUpperCase();
  const at = ibanLengths.search(new RegExp(`${country}\\d\\d`));
  const count = at % 4 === 0 ? Number(ibanLengths.slice(at + 2, at + 4)) : 0;
  const end = endOfCount(text, count);
  return end > 0 && hasIbanDigits(text.slice(0, end).replace(/[^a-z\d]/gi, "")) ? end : 0;
}

/** The end of the `count`th letter or digit, which is no letter's or digit's neighbour; 0 when there is none. */
function endOfCount(text: string, count: number): number {
  let seen = 0;
  for (let index = 0; index < text.length && count > 0; index++) {
    if (/[a-z\d]/i.test(text[index] ?? "")) seen++;
    if (seen === count) return /[a-z\d]/i.test(text[index + 1] ?? "") ? 0 : index + 1;
  }
  return 0;
}

/** ISO 13616: the country and check digits go to the end, letters count from 10, and the rest by 97 is 1. */
function hasIbanDigits(text: string): boolean {
  let rest = 0;
  for (const character of text.slice(4) + text.slice(0, 4)) {
    const number = Number.parseInt(character, 36);
    rest = (rest * (number > 9 ? 100 : 10) + number) % 97;
  }
  return rest === 1;
}

/** The lengths of card numbers in digits, the usual ones first. */
const cardDigitCounts = [16, 15, 14, 13, 19, 18, 17];

/** How many characters of `text` a card number at its beginning takes up; 0 when there is none. */
export function cardLength(text: string): number {
  for (const count of cardDigitCounts) {
    const end = endOfCount(text, count);
    if (end > 0 && passesLuhn(text.slice(0, end).replace(/\D/g, ""))) return end;
  }
  return 0;
}

function passesLuhn(digits: string): boolean {
  if (/^(\d)\1+$/.test(digits)) return false;
  let sum = 0;
  for (let index = 0; index < digits.length; index++) {
    const digit = Number(digits[digits.length - 1 - index]);
    const doubled = index % 2 === 0 ? digit : digit * 2;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}

/** How many characters of `text` a French social security number takes up: all when its key, if it has one, is right. */
export function nirLength(text: string): number {
  const digits = text.replace(/ /g, "").toUpperCase().replace("2A", "19").replace("2B", "18");
  if (!/^\d{13}(?:\d{2})?$/.test(digits)) return 0;
  if (digits.length === 13) return text.length;
  const key = 97n - (BigInt(digits.slice(0, 13)) % 97n);
  return key === BigInt(digits.slice(13)) ? text.length : 0;
}

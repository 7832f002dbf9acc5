/** The longest local part that RFC 5321, section 4.5.3.1.1 allows. */
const localPartLimit = 64;
/** Dot-separated atoms or a quoted string; letters of any script, as contact addresses here have accents. */
const localPart =
  /^([\w!#$%&'*+/=?^`{|}~\u0080-\uffff-]+(\.[\w!#$%&'*+/=?^`{|}~\u0080-\uffff-]+)*|"([^"\\\0-\x1f]|\\[ -~])+")$/;
/** Dot-separated labels without a hyphen at their ends; a top-level domain is not demanded. */
const domain =
  /^[a-z0-9\u0080-\uffff]([a-z0-9\u0080-\uffff-]*[a-z0-9\u0080-\uffff])?(\.[a-z0-9\u0080-\uffff]([a-z0-9\u0080-\uffff-]*[a-z0-9\u0080-\uffff])?)*$/i;
/** An address literal: `[192.0.2.1]` or `[IPv6:2001:db8::1]`. */
const addressLiteral = /^\[(\d{1,3}(\.\d{1,3}){3}|IPv6:[0-9a-f:.]+)\]$/i;

/** True when the text has the syntax of an e-mail address; whether it exists is another matter. */
export function isEmailAddress(text: string): boolean {
  const at = text.lastIndexOf("@");
  if (at < 1 || at > localPartLimit) return false;
  const host = text.slice(at + 1);
  return localPart.test(text.slice(0, at)) && (domain.test(host) || addressLiteral.test(host));
}

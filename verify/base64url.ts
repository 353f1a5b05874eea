const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const NOT_A_DIGIT = 0xff;
const DIGITS = digitTable();

function digitTable(): Uint8Array {
  const table = new Uint8Array(128).fill(NOT_A_DIGIT);
  for (let value = 0; value < ALPHABET.length; value++) table[ALPHABET.charCodeAt(value)] = value;
  return table;
}

type NativeDecode = (
  text: string,
  options: { alphabet: "base64url" },
) => Uint8Array<ArrayBuffer>;

// The engine's own is several times faster, where it exists (not in Node 20).
const native = (Uint8Array as { fromBase64?: NativeDecode }).fromBase64?.bind(Uint8Array);

// One class and no choices: linear.
const DIGITS_ONLY = /^[\w-]*$/;

/**
 * Whether a text is canonical base64url (RFC 4648 §5, RFC 7515 §2): no padding, no whitespace, no
 * other alphabet, no stray bits in the last character, so that one byte string has exactly one
 * spelling (security threat 10).
 */
export function isBase64url(text: string): boolean {
  // No byte string takes that many digits.
  return text.length % 4 !== 1 && DIGITS_ONLY.test(text) && !hasStrayBits(text);
}

/** Decodes what {@linkcode isBase64url} accepts; answers `undefined` for anything else. */
export function decodeBase64url(text: string): Uint8Array<ArrayBuffer> | undefined {
  if (!native) return decodeByHand(text);
  return isBase64url(text) ? native(text, { alphabet: "base64url" }) : undefined;
}

const ASCII = /^[\0-\x7f]*$/;

/**
 * As {@linkcode decodeBase64url}, but as text; `undefined` also where it is not ASCII. Costs half,
 * since bytes are kept outside the engine's heap, and a token is nearly always ASCII.
 */
export function decodeAscii(text: string): string | undefined {
  if (!isBase64url(text)) return undefined;
  const decoded = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return ASCII.test(decoded) ? decoded : undefined;
}

function bytesOf(text: string): number {
  return Math.floor((text.length * 3) / 4);
}

/** Left-over bits that are not zero would be a second spelling of the same bytes. */
function hasStrayBits(text: string): boolean {
  const unused = [0, 0, 0b1111, 0b11][text.length % 4]!;
  return unused !== 0 && (DIGITS[text.charCodeAt(text.length - 1)]! & unused) !== 0;
}

/** As {@linkcode decodeBase64url}, without the engine's help. */
export function decodeByHand(text: string): Uint8Array<ArrayBuffer> | undefined {
  if (text.length % 4 === 1) return undefined;
  const bytes = new Uint8Array(bytesOf(text));
  let pending = 0, bits = 0, offset = 0;
  for (let index = 0; index < text.length; index++) {
    const digit = DIGITS[text.charCodeAt(index)] ?? NOT_A_DIGIT;
    if (digit === NOT_A_DIGIT) return undefined;
    pending = ((pending << 6) | digit) & 0xffff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes[offset++] = (pending >> bits) & 0xff;
    }
  }
  return hasStrayBits(text) ? undefined : bytes;
}

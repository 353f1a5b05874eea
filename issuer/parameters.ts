import { TokenError } from "./errors.ts";

/** Request parameters by name; a Map, so that no name is special. */
export type Parameters = ReadonlyMap<string, string>;

/**
 * Reads `application/x-www-form-urlencoded` text strictly: a repeated name, a bracketed name and
 * malformed UTF-8 are refused (threats 43, 45); an empty value counts as absent (RFC 6749 §3.2).
 */
export function readParameters(text: string): Parameters {
  const parameters = new Map<string, string>();
  if (text === "") return parameters;
  for (const pair of text.split("&")) {
    const equals = pair.indexOf("=");
    const name = decode(equals < 0 ? pair : pair.slice(0, equals));
    const value = equals < 0 ? "" : decode(pair.slice(equals + 1));
    if (name.includes("[")) refuse("write lists as one value, without brackets in the name");
    if (parameters.has(name)) refuse("each parameter may appear only once");
    parameters.set(name, value);
  }
  for (const [name, value] of parameters) if (value === "") parameters.delete(name);
  return parameters;
}

function decode(part: string): string {
  if (/[^\x20-\x7e]/.test(part)) refuse("percent-encode everything but ASCII");
  const spaced = part.includes("+") ? part.replaceAll("+", " ") : part;
  if (!spaced.includes("%")) return spaced;
  try {
    return decodeURIComponent(spaced);
  } catch {
    return refuse("percent-encode it as UTF-8");
  }
}

function refuse(advice: string): never {
  throw new TokenError("invalid_request", `Cannot read the request parameters: ${advice}`);
}

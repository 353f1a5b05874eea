import type { Faults } from "./faults.ts";

const PEM =
  /^(?:-----BEGIN CERTIFICATE-----\n(?:[A-Za-z0-9+/=]{1,76}\n)+-----END CERTIFICATE-----\n)+$/;

/** One or more certificates with plain line ends, or undefined; anything else is a fault. */
export function certificates(
  value: string | undefined,
  field: string,
  faults: Faults,
): string | undefined {
  if (value === undefined) return undefined;
  const text = String(value).replaceAll("\r\n", "\n").trim() + "\n";
  faults.check(PEM.test(text), field, "must be PEM certificates and nothing else");
  return text;
}

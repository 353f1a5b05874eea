import { isLoopback } from "../verify/is_loopback.ts";

/** Why a string cannot be an issuer URL (contract: byte for byte the `iss` of every token), or undefined. */
export function issuerUrlFault(issuer: string): string | undefined {
  const url = URL.canParse(issuer) ? new URL(issuer) : undefined;
  if (!url) return "is not a URL; write it like https://tokens.example.com";
  if (url.protocol !== "https:" && !(url.protocol === "http:" && isLoopback(url))) {
    return "must be https; only a loopback host may use http";
  }
  if (url.username !== "" || url.password !== "") return "must not hold a user name or password";
  if (issuer.includes("?") || issuer.includes("#")) return "must not hold a query or fragment";
  if (issuer.endsWith("/")) return "must not end with a slash: clouds compare it byte for byte";
  if (url.href !== issuer && url.href !== `${issuer}/`) {
    return `is not in its plain form; write it as ${url.href.replace(/\/$/, "")}`;
  }
  if (/\/\/|%/.test(issuer.slice(url.protocol.length + 2))) {
    return "must have a plain path, without // or %";
  }
}

/** What an operator should know about an issuer URL that is allowed, or undefined. */
export function issuerUrlWarning(issuer: string): string | undefined {
  const { port, protocol } = new URL(issuer);
  if (protocol === "https:" && port !== "") return "has a port, which AWS refuses";
}

/** Whether an issuer is on this machine, for development. */
export function isLoopbackIssuer(issuer: string): boolean {
  return isLoopback(new URL(issuer));
}

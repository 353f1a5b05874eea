import { decodeBase64Url } from "@std/encoding/base64url";
import { CliError } from "./errors.ts";

/** A JWT taken apart, nothing checked. */
export interface DecodedToken {
  readonly header: Readonly<Record<string, unknown>>;
  readonly claims: Readonly<Record<string, unknown>>;
}

/** Takes a JWT apart without checking it. @throws {CliError} that never holds the token. */
export function decodeToken(token: string): DecodedToken {
  const parts = token.split(".");
  if (parts.length !== 3) {
    throw new CliError("failed", "Cannot read the token: a JWT has three parts with dots between", {
      next: token.startsWith("signet_rt_")
        ? "This is a request token, a secret: give it to the program as SIGNET_REQUEST_TOKEN."
        : "Paste the whole token, or pipe it: signet inspect -",
    });
  }
  return { header: decodePart(parts[0]!, "header"), claims: decodePart(parts[1]!, "claims") };
}

function decodePart(part: string, name: string): Record<string, unknown> {
  try {
    const value = JSON.parse(
      new TextDecoder("utf-8", { fatal: true }).decode(decodeBase64Url(part)),
    );
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
  } catch {
    // told below, without the token's text
  }
  throw new CliError(
    "failed",
    `Cannot read the token: its ${name} cannot be read as base64url of JSON`,
  );
}

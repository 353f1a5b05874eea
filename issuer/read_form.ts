import { TokenError } from "./errors.ts";
import { type Parameters, readParameters } from "./parameters.ts";
import { BodyError, mediaType, readBody } from "./read_body.ts";

/** A form body (RFC 6749 Appendix B): ASCII only, so that nothing is replaced silently (threat 45). */
export async function readForm(request: Request): Promise<Parameters> {
  const type = mediaType(request);
  if (type !== "application/x-www-form-urlencoded") {
    throw new TokenError(
      "invalid_request",
      "Cannot read the body: send application/x-www-form-urlencoded",
    );
  }
  const body = await readBody(request).catch((error) => {
    throw error instanceof BodyError ? new TokenError("invalid_request", error.message) : error;
  });
  if (body.some((byte) => byte >= 0x80)) {
    throw new TokenError(
      "invalid_request",
      "Cannot read the body: percent-encode everything but ASCII",
    );
  }
  return readParameters(new TextDecoder().decode(body));
}

const always: readonly (readonly [string, string])[] = [
  ["x-content-type-options", "nosniff"],
  ["referrer-policy", "no-referrer"],
];

const transport = "max-age=31536000";
const nothingLoads = "default-src 'none'; frame-ancestors 'none'";

/**
 * Headers of an answer that no browser shows, since it takes an Authorization header or a POST to get
 * it: rules for pages and frames say nothing there, and each costs a token a microsecond.
 */
export function programHeaders(options: { https: boolean }): Readonly<Record<string, string>> {
  return {
    "x-content-type-options": "nosniff",
    ...(options.https ? { "strict-transport-security": transport } : {}),
  };
}

/** Headers of every other answer that is no page, for answers whose headers are prepared. */
export function securityHeaders(options: { https: boolean }): Readonly<Record<string, string>> {
  return {
    ...Object.fromEntries(always),
    "content-security-policy": nothingLoads,
    ...programHeaders(options),
  };
}

/** Adds what every answer carries, whatever route made it. */
export function addSecurityHeaders(response: Response, options: { https: boolean }): Response {
  for (const [name, value] of always) response.headers.set(name, value);
  if (!response.headers.has("content-security-policy")) {
    response.headers.set("content-security-policy", nothingLoads);
  }
  if (options.https) response.headers.set("strict-transport-security", transport);
  return response;
}

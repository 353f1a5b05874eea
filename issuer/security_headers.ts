const always: readonly (readonly [string, string])[] = [
  ["x-content-type-options", "nosniff"],
  ["referrer-policy", "no-referrer"],
];

const nothingLoads = "default-src 'none'; frame-ancestors 'none'";

/** Adds what every answer carries, whatever route made it. */
export function addSecurityHeaders(response: Response, options: { https: boolean }): Response {
  for (const [name, value] of always) response.headers.set(name, value);
  if (!response.headers.has("content-security-policy")) {
    response.headers.set("content-security-policy", nothingLoads);
  }
  if (options.https) response.headers.set("strict-transport-security", "max-age=31536000");
  return response;
}

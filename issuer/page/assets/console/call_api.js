/**
 * One call of the admin API: `{ body, etag }`, or throws `{ problem }` (RFC 9457). The token goes
 * into this header and nowhere else.
 */
export async function callApi(app, { method, path, body, etag }) {
  const headers = { authorization: `Bearer ${app.token()}` };
  if (body !== undefined) headers["content-type"] = "application/json";
  if (etag) headers["if-match"] = etag;
  let response;
  try {
    response = await fetch(`${app.settings.base}/admin/${path}`, {
      ...{ method, headers, credentials: "omit", redirect: "error", cache: "no-store" },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch {
    throw failure({ title: "No answer", detail: "The issuer cannot be reached: try again." });
  }
  const text = await response.text();
  const answer = text === "" ? undefined : JSON.parse(text);
  if (response.ok) return { body: answer, etag: response.headers.get("etag") };
  if (response.status === 401) app.signOut("The issuer does not know this token (any more).");
  throw failure({ ...answer, status: response.status });
}

/** A problem to be thrown. */
export function failure(problem) {
  return Object.assign(new Error(problem.detail ?? problem.title), { problem });
}

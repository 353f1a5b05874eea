/** Text as one word of a POSIX shell. */
export function shellWord(text) {
  return /^[A-Za-z0-9_/.:=@%+,-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** An admin call as a command; the admin token stays a variable. */
export function curlOf(issuer, { method, path, body, etag }) {
  const url = shellWord(`${issuer}/admin/${path}`);
  const lines = [`curl -sS ${method === "GET" ? "" : `-X ${method} `}${url}`];
  lines.push(`-H "Authorization: Bearer $SIGNET_ADMIN_TOKEN"`);
  if (etag) lines.push(`-H ${shellWord(`If-Match: ${etag}`)}`);
  if (body !== undefined) {
    lines.push(`-H 'Content-Type: application/json'`);
    lines.push(`--data ${shellWord(JSON.stringify(body))}`);
  }
  return lines.join(" \\\n  ");
}

/** `value` without a trailing slash when it is an https URL, or http on loopback; a TypeError otherwise. */
export function checkUrl(name: string, value: string): string {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (!url) throw new TypeError(`Cannot use ${name}: not a URL`);
  if (url.protocol !== "https:" && !(url.protocol === "http:" && isLoopback(url.hostname))) {
    throw new TypeError(`Cannot use ${name}: must be https (http only on loopback)`);
  }
  if (url.username || url.password || url.hash) {
    throw new TypeError(`Cannot use ${name}: must have no user, password or fragment`);
  }
  return value.replace(/\/+$/, "");
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "[::1]" || /^127(\.\d{1,3}){3}$/.test(host);
}

/**
 * Preloaded into the issuer's process (`--preload`): tells of its memory on a line of its own, the
 * heap after a collection, so that it shows what is held and not what waits to be collected.
 */
const everySeconds = 10;
const collect = (globalThis as { gc?: () => void }).gc;

let count = 0;
const timer = setInterval(() => {
  const { rss } = Deno.memoryUsage();
  const isMinute = ++count % 6 === 0;
  // Seldom, or the issuer would run with another collector than in production.
  if (isMinute) collect?.();
  const { heapUsed, external } = Deno.memoryUsage();
  const held = isMinute && collect ? { held: heapUsed + external } : {};
  console.log(JSON.stringify({ type: "memory", rss, ...held }));
}, everySeconds * 1000);
Deno.unrefTimer(timer);

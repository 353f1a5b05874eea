/** A bare server: what `Deno.serve` can do at best. Arguments: a body and its headers, as JSON. */
const { body, headers } = JSON.parse(Deno.args[0] ?? '{"body":"Hello"}');
const init = { headers };

Deno.serve({
  port: 0,
  hostname: "127.0.0.1",
  onListen: ({ port }) => console.log(JSON.stringify({ url: `http://127.0.0.1:${port}` })),
}, () => new Response(body, init));

/** A bare server: what `Deno.serve` can do at best. Argument: body, headers and status, as JSON. */
const { body, headers, status = 200 } = JSON.parse(Deno.args[0] ?? '{"body":"Hello"}');
const init = { headers, status };

Deno.serve({
  port: 0,
  hostname: "127.0.0.1",
  onListen: ({ port }) => console.log(JSON.stringify({ url: `http://127.0.0.1:${port}` })),
}, () => new Response(body, init));

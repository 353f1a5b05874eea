/** Imports what its arguments name and says how much memory it then has, in MiB. */
for (const name of Deno.args) await import(name);
console.log(JSON.stringify({ rss: Deno.memoryUsage().rss / 1024 / 1024 }));

import { BlockList, isIP, isIPv4 } from "node:net";
import { audienceFault, isOwnAudience } from "../../../issuer/audience.ts";
import { issuerUrlFault } from "../../../issuer/issuer_url.ts";
import { isPublicAddress } from "../../../issuer/trust/address_class.ts";
import { urlFault } from "../../../issuer/trust/check_url.ts";
import { parseIssuerUrl } from "../../../verify/issuer_url.ts";
import { anyText, mutateText } from "../mutate.ts";
import type { Random } from "../random.ts";
import { attempt, ensure, type Target } from "../target.ts";

const URLS = [
  ...[
    "https://tokens.example.com",
    "https://example.com/id/blue",
    "http://localhost:8000",
    "http://[::1]:80/a",
  ],
  ...[
    "https://a.b.c:8443/p",
    "https://user:pass@h.test",
    "https://10.0.0.1",
    "https://0x7f.1",
    "https://[fd00::1]",
  ],
  ...[
    "https://metadata.google.internal",
    "https://xn--bcher-kva.example",
    "data:text/plain,a",
    "file:///etc",
  ],
  ...["https://kubernetes.default.svc", "https://cache.localhost", "https://tokens.example.com/"],
];

/** Every range that is not public unicast (IANA special-purpose registries), kept by node:net. */
const notPublic = new BlockList();
for (
  const range of [
    ...[
      "0.0.0.0/8",
      "10.0.0.0/8",
      "100.64.0.0/10",
      "127.0.0.0/8",
      "169.254.0.0/16",
      "172.16.0.0/12",
    ],
    ...["192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15"],
    ...["198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/3"],
    ...["::/3", "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/16", "4000::/2", "8000::/1"],
  ]
) {
  const [net, bits] = range.split("/") as [string, string];
  notPublic.addSubnet(net, Number(bits), isIPv4(net) ? "ipv4" : "ipv6");
}

function anyAddress(random: Random): string {
  const octet = () => random.pick([0, 10, 127, 169, 172, 192, 198, 203, 254, 255, random.int(256)]);
  const v4 = () => Array.from({ length: 4 }, octet).join(".");
  const group = () =>
    random.pick([
      "0",
      "1",
      "2001",
      "2002",
      "db8",
      "fe80",
      "fc00",
      "ffff",
      "3fff",
      random.int(65_536).toString(16),
    ]);
  const v6 = Array.from({ length: 8 }, group).join(":");
  const short = `${group()}::${group()}`;
  return random.pick([
    v4(),
    v4(),
    v6,
    short,
    `::ffff:${v4()}`,
    `64:ff9b::${v4()}`,
    `${short}%eth0`,
  ]);
}

function checkIssuerUrl(text: string): void {
  const outcome = attempt({
    ...{ input: text, length: text.length, errors: [] },
    parse: () => issuerUrlFault(text),
  });
  if ("error" in outcome || outcome.value !== undefined) return;
  const { href, protocol, hostname, search, hash, username } = parseIssuerUrl(text);
  ensure(href === text || href === `${text}/`, "an issuer that is not in its plain form", text);
  const isLocal = /^(localhost|\[::1\]|127\.\d+\.\d+\.\d+)$/.test(hostname);
  ensure(protocol === "https:" || (protocol === "http:" && isLocal), "an issuer by http", text);
  ensure(search + hash + username === "" && !text.endsWith("/"), "an issuer with more", text);
  ensure(isOwnAudience(text, text) && isOwnAudience(`${text}/token`, text), "not its own", text);
}

function checkUrl(text: string): void {
  if (!URL.canParse(text)) return;
  const url = new URL(text);
  const fault = urlFault(url, { ownIsLoopback: false });
  if (fault !== undefined) return;
  const { protocol, port, hostname, username } = url;
  const bare = hostname.replace(/^\[|\]$/g, "");
  const isName = isIP(bare) === 0 && hostname.includes(".") && !hostname.endsWith(".");
  ensure(protocol === "https:" && port === "" && username === "" && isName, "may be asked", text);
  const isPrivate = /\.(localhost|local|internal|svc|arpa|onion|lan|home|corp)$/.test(hostname);
  ensure(!isPrivate, "a private name may be asked", text);
}

/** URLs and addresses: nothing throws, and what is allowed is public by node:net as well. */
export const urlsTarget: Target = {
  name: "urls",
  cases: 1_500,
  run(random) {
    const text = random.oneIn(10) ? anyText(random) : mutateText(random, random.pick(URLS));
    checkIssuerUrl(text);
    checkUrl(text);
    attempt({ input: text, length: text.length, errors: [], parse: () => audienceFault(text) });
    attempt({
      ...{ input: text, length: text.length, errors: [] },
      parse: () => isOwnAudience(text, "https://tokens.example.com/id"),
    });
    const sound = anyAddress(random);
    const address = random.oneIn(3) ? mutateText(random, sound) : sound;
    // A zone is part of an IPv6 address only.
    const known = address.includes(":") ? address.split("%")[0]! : address;
    const isPublic = isIP(known) !== 0 && !notPublic.check(known, isIPv4(known) ? "ipv4" : "ipv6");
    ensure(
      isPublicAddress(address) === isPublic,
      `public: ${!isPublic}, by node: ${isPublic}`,
      address,
    );
  },
};

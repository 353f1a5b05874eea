/** A test of a hazard: its file below `tests/`, and its name as the file has it. */
export type HazardTest = readonly [file: string, name: string];

/** Which tests show that each concurrency hazard is held off. */
export const hazards: Readonly<
  Record<string, { readonly what: string; readonly tests: readonly HazardTest[] }>
> = {
  "2.1": {
    what: "double rotation: one new key per due time",
    tests: [
      [
        "hazards/processes_test.ts",
        "hazard 2.1: four processes that see a rotation due at once make one key of each family",
      ],
      [
        "keys/keyring_rotation_test.ts",
        "Keyring.maintain makes one spare although isolates race for it, hazard 2.1",
      ],
      [
        "simulation/simulation_test.ts",
        "createKeyring keeps every promise in the simulation, ${name}",
      ],
    ],
  },
  "2.2": {
    what: "lost commit reply: done once, and known to be done",
    tests: [
      [
        "hazards/lost_reply_test.ts",
        "hazard 2.2: rotations make exactly one key each although ${lost} replies are lost",
      ],
      [
        "hazards/lost_reply_test.ts",
        "hazard 2.2: an admin write whose reply is lost is done once and answered as done",
      ],
      [
        "keys/keyring_rotation_test.ts",
        "Keyring.rotate in an emergency kills one key although the reply is lost, hazard 2.2",
      ],
      [
        "kv/reliable_kv_test.ts",
        "reliableKv says that a commit is ours when only its reply was lost, hazard 2.2",
      ],
      [
        "simulation/simulation_test.ts",
        "createKeyring keeps every promise in the simulation, ${name}",
      ],
    ],
  },
  "2.3": {
    what: "signing with a key that is not published everywhere yet",
    tests: [
      [
        "hazards/lag_test.ts",
        "hazard 2.3: no token is signed with a key that an isolate behind by 30 s does not show",
      ],
      [
        "keys/keyring_rotation_test.ts",
        "Keyring.rotate gives every isolate time to hear of it, hazard 2.3",
      ],
      [
        "simulation/simulation_test.ts",
        "createKeyring keeps every promise in the simulation, ${name}",
      ],
    ],
  },
  "2.4": {
    what: "a stale isolate signs with a retired or compromised key",
    tests: [
      [
        "hazards/outage_test.ts",
        "hazard 2.4: an isolate cut off from the KV stops signing with a key revoked elsewhere",
      ],
      [
        "hazards/processes_test.ts",
        "an emergency rotation is in force in another process within 60 s, on one SQLite file",
      ],
      [
        "keys/keyring_rotation_test.ts",
        "Keyring.rotate in an emergency is in force elsewhere within a minute, hazard 2.4",
      ],
    ],
  },
  "2.5": {
    what: "first-boot race: one keyset, served by all",
    tests: [
      [
        "keys/multi_process_test.ts",
        "createKeyring in six processes on one empty file makes one keyset, hazard 2.5",
      ],
      [
        "e2e/main_test.ts",
        "issuer/main.ts in six processes on one empty SQLite file has one keyset, hazard 2.5",
      ],
    ],
  },
  "2.6": {
    what: "replay race: one success per proof across isolates",
    tests: [
      [
        "hazards/processes_test.ts",
        "hazard 2.6: of fifty equal assertions at four processes one gets a token",
      ],
      [
        "hazards/lost_reply_test.ts",
        "hazard 2.6: of many equal proofs on several isolates one is taken, replies lost or not",
      ],
    ],
  },
  "2.7": {
    what: "lost admin update",
    tests: [
      ["issuer/admin_test.ts", "hazard 2.7: PATCH needs If-Match, and a stale one loses nothing"],
      ["issuer/admin_test.ts", "hazard 2.7: of two editors with one entity tag exactly one wins"],
    ],
  },
  "2.8": {
    what: "disable or delete against mint",
    tests: [
      [
        "hazards/lag_test.ts",
        "hazard 2.8: a workload deleted while it mints gets nothing more: here at once, elsewhere in 60 s",
      ],
    ],
  },
  "2.9": {
    what: "stale JWKS: a kid that left never comes back",
    tests: [
      [
        "hazards/documents_test.ts",
        "hazard 2.9: a kid that left the JWKS of an isolate never comes back; 304 only for an equal set",
      ],
      [
        "simulation/simulation_test.ts",
        "createKeyring keeps every promise in the simulation, ${name}",
      ],
    ],
  },
  "2.10": {
    what: "KV outage",
    tests: [
      [
        "hazards/outage_test.ts",
        "hazard 2.10: a warm isolate whose KV ${title} signs in its stale window, then 503",
      ],
      [
        "hazards/outage_test.ts",
        "hazard 2.10: a cold isolate whose KV ${title} answers 503, never an empty key set",
      ],
      [
        "hazards/outage_test.ts",
        "hazard 2.10: an hour's outage piles up no promises, and the isolate comes back",
      ],
      [
        "e2e/denokv_test.ts",
        "issuer/main.ts in three processes serves on while denokv ends twice, and loses nothing",
      ],
      [
        "kv/reliable_kv_test.ts",
        "reliableKv does not pile up promises while the store hangs, hazard 2.10",
      ],
    ],
  },
  "2.11": {
    what: "lock errors on SQLite",
    tests: [
      [
        "hazards/processes_test.ts",
        "hazard 2.11: six processes that write to one file at once are never told of its lock",
      ],
      [
        "kv/reliable_kv_test.ts",
        "reliableKv retries a locked file until the commit succeeds, threat 2.11",
      ],
    ],
  },
  "2.12": {
    what: "thundering herd at expiry or cold start",
    tests: [
      [
        "hazards/outage_test.ts",
        "hazard 2.12: a thousand callers of a cold isolate cost one read of keys and one of their workload",
      ],
      ["keys/keyring_test.ts", "createKeyring reads the store once for many callers, hazard 2.12"],
      ["kv/view_test.ts", "createView loads once for a thousand callers, hazard 2.12"],
    ],
  },
  "2.13": {
    what: "parallel getIdToken in the client",
    tests: [["client/id_token_client_property_test.ts", "hazard 2.13"]],
  },
  "2.14": {
    what: "killed between commit and reply: valid at every prefix of the writes",
    tests: [
      [
        "hazards/crash_test.ts",
        "hazard 2.14: ${goal.writes} writes and ${goal.rotations} rotations outlive kill -9 at random moments",
      ],
      [
        "simulation/crash_points_test.ts",
        "createKeyring outlives a crash at every step of ${scene.name}, hazard 2.14",
      ],
      [
        "simulation/crash_points_test.ts",
        "createIssuer outlives a crash at every step of ${scene.name}, hazard 2.14",
      ],
    ],
  },
  "2.15": {
    what: "two releases live: a newer record is never rewritten",
    tests: [
      [
        "hazards/store_test.ts",
        "hazard 2.15: a workload that a newer release wrote is not read, not changed and never rewritten",
      ],
      ["keys/keyring_test.ts", "createKeyring refuses a keyset ${name} and never rewrites it"],
    ],
  },
  "2.16": {
    what: "cron on every timeline, or not at all",
    tests: [
      [
        "keys/keyring_test.ts",
        "createKeyring rotates lazily when nobody calls maintain, hazard 2.16",
      ],
      [
        "e2e/configuration_test.ts",
        "threat 33: issuer/main.ts on a preview timeline of Deploy answers 503 and never mints",
      ],
    ],
  },
  "2.17": {
    what: "clock steps",
    tests: [
      ["keys/keyring_test.ts", "createKeyring does not sign when the clock went back, hazard 2.17"],
      [
        "keys/keyring_test.ts",
        "createKeyring signs with keys whose notBefore is never later than iat",
      ],
    ],
  },
  "2.18": {
    what: "at most ten checks in a transaction",
    tests: [["kv/reliable_kv_test.ts", "reliableKv refuses more than ten checks, hazard 2.18"]],
  },
  "2.19": {
    what: "a limiter that fails opens or blocks nobody; nothing counts with sum",
    tests: [
      [
        "hazards/store_test.ts",
        "hazard 2.19: limits hold while the KV is down, and open or block nobody else",
      ],
      [
        "hazards/store_test.ts",
        "hazard 2.19: nothing in the source counts with the KV's sum, which repeats itself",
      ],
    ],
  },
  "2.20": {
    what: "JSON so deep that cloning it throws",
    tests: [[
      "issuer/admin_test.ts",
      "admin API refuses bodies that are not JSON, too large, too deep or too slow",
    ]],
  },
};

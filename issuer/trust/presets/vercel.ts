import type { Preset } from "./preset.ts";

const BASE = "https://oidc.vercel.com";

/** Vercel; one issuer per team (the default), or one for everybody in global mode. */
export const vercel: Preset = {
  name: "vercel",
  title: "Vercel",
  documentation: "https://vercel.com/docs/oidc/reference",
  params: {
    team: {
      description: "slug of the team, for the issuer; leave it out in global mode",
      example: "acme",
    },
    teamId: {
      description: "id of the team",
      example: "team_7Gw5ZMzpQA8h90F832KGp7nw",
      claim: "owner_id",
      immutable: true,
    },
    project: { description: "name of the project", example: "web", claim: "project" },
    projectId: {
      description: "id of the project",
      example: "prj_7Gw5ZMzpQA8h90F832KGp7nwbuh3",
      claim: "project_id",
      immutable: true,
    },
    environment: {
      description: "production, preview or development",
      example: "production",
      claim: "environment",
    },
  },
  required: [["teamId", "team", "projectId"], ["projectId", "project"]],
  issuer: (value) => value("team") === undefined ? BASE : `${BASE}/${value("team")}`,
  owns: (issuer) => issuer === BASE || issuer.startsWith(`${BASE}/`),
  identity: [
    { claim: "owner_id" },
    { claim: "project_id" },
    { claim: "owner" },
    { claim: "sub", fixedSegments: 2 },
  ],
  isTenantIssuer: (issuer) => issuer !== BASE,
  narrowing: ["environment", "sub"],
  renameable: {
    iss: ["owner_id", "project_id"],
    owner: ["owner_id", "project_id"],
    project: ["project_id"],
    sub: ["project_id"],
  },
  singleUse: true,
  verified: {
    extra: { project: "project", project_id: "project_id", environment: "environment" },
  },
};

import type { PresetRequest } from "../../../issuer/trust/expand_preset.ts";

/** The issuer under test. */
export const OWN = "https://id.example.test";

/** A platform's documented token, rules that accept it, and tokens that differ and must not pass. */
export interface Sample {
  /** The rules in one line each. */
  readonly presets: readonly PresetRequest[];
  /** The documented claims, for our audience. */
  readonly claims: Record<string, unknown>;
  /** What is changed in the claims, by the name of the near miss. */
  readonly misses: Record<string, Record<string, unknown>>;
  /** Verified facts expected, besides `platform`. */
  readonly facts: Record<string, string>;
  readonly deploymentId?: string;
  readonly revisionId?: string;
  readonly singleUse: boolean;
}

export const SAMPLES: Record<string, Sample> = {
  "deno-deploy": {
    presets: [
      {
        preset: "deno-deploy",
        orgId: "729adb8f-20d6-4b09-bb14-fac14cb260d1",
        appId: "16ad21d8-7aeb-4155-8aa3-9f58df87cd3e",
        context: "production",
      },
      { preset: "deno", contextId: "1d685676-92d7-418d-b103-75b46f1a58b4" },
    ],
    claims: {
      iss: "https://oidc.deno.com",
      aud: OWN,
      sub: "deployment:deno/astro-app/production",
      org_id: "729adb8f-20d6-4b09-bb14-fac14cb260d1",
      org_slug: "deno",
      app_id: "16ad21d8-7aeb-4155-8aa3-9f58df87cd3e",
      app_slug: "astro-app",
      context_id: "1d685676-92d7-418d-b103-75b46f1a58b4",
      context_name: "production",
      revision_id: "rh2r15rgy802",
      deployment_id: "c2f7g5h4k9",
    },
    misses: {
      "a renamed slug taken over by another app": { app_id: "x", context_id: "x" },
      "an app of another organization": { org_id: "x", app_id: "x", context_id: "x" },
      "threat 33: a preview": { context_name: "development", context_id: "x" },
      "another letter case": { context_name: "Production", context_id: "X" },
      "no ids": { app_id: undefined, context_id: undefined },
    },
    facts: { environment: "production" },
    deploymentId: "c2f7g5h4k9",
    revisionId: "rh2r15rgy802",
    singleUse: true,
  },
  github: {
    presets: [
      {
        preset: "github",
        repository: "octo-org/octo-repo",
        repositoryId: "74",
        environment: "prod",
      },
      { preset: "github-actions", repositoryId: "74", environment: { glob: "pr*d" } },
    ],
    claims: {
      iss: "https://token.actions.githubusercontent.com",
      aud: OWN,
      jti: "example-id",
      sub: "repo:octo-org/octo-repo:environment:prod",
      environment: "prod",
      ref: "refs/heads/main",
      sha: "0123456789abcdef0123456789abcdef01234567",
      repository: "octo-org/octo-repo",
      repository_owner: "octo-org",
      actor_id: "12",
      repository_visibility: "private",
      repository_id: "74",
      repository_owner_id: "65",
      run_id: "30",
      run_number: "10",
      run_attempt: "2",
      runner_environment: "github-hosted",
      actor: "octocat",
      workflow: "deploy",
      head_ref: "",
      base_ref: "",
      event_name: "push",
      ref_type: "branch",
      workflow_ref: "octo-org/octo-repo/.github/workflows/deploy.yml@refs/heads/main",
      job_workflow_ref: "octo-org/octo-automation/.github/workflows/oidc.yml@refs/heads/main",
    },
    misses: {
      "another repository": { repository: "octo-org/other", repository_id: "75" },
      "a repository renamed away, its name taken by another": { repository_id: "75" },
      "a fork's pull request": {
        sub: "repo:octo-org/octo-repo:pull_request",
        event_name: "pull_request",
        environment: undefined,
        ref: "refs/pull/1/merge",
      },
      "another environment": { environment: "staging" },
      "the id as a number": { repository_id: 74 },
      "the id in a list": { repository_id: ["74"] },
    },
    facts: {
      repository: "octo-org/octo-repo",
      repository_id: "74",
      commit: "0123456789abcdef0123456789abcdef01234567",
      ref: "refs/heads/main",
      environment: "prod",
      event: "push",
      workflow: "octo-org/octo-repo/.github/workflows/deploy.yml@refs/heads/main",
      run_id: "30",
      actor: "octocat",
    },
    singleUse: true,
  },
  gitlab: {
    presets: [
      {
        preset: "gitlab",
        project: "my-group/my-project",
        projectId: "20",
        ref: "feature-branch-1",
      },
      { preset: "gitlab", projectId: "20", environment: "test-environment2" },
    ],
    claims: {
      iss: "https://gitlab.com",
      aud: OWN,
      jti: "235b3a54-b797-45c7-ae9a-f72d7bc6ef5b",
      sub: "project_path:my-group/my-project:ref_type:branch:ref:feature-branch-1",
      namespace_id: "72",
      namespace_path: "my-group",
      project_id: "20",
      project_path: "my-group/my-project",
      user_id: "1",
      user_login: "sample-user",
      user_email: "sample-user@example.com",
      pipeline_id: "574",
      pipeline_source: "push",
      job_id: "302",
      ref: "feature-branch-1",
      ref_type: "branch",
      ref_path: "refs/heads/feature-branch-1",
      ref_protected: "false",
      groups_direct: ["my-group", "other"],
      environment: "test-environment2",
      runner_id: 1,
      sha: "714a629c0b401fdce83e847fc9589983fc6f46bc",
    },
    misses: {
      "another project": { project_path: "my-group/other", project_id: "21" },
      "a project whose path was taken over": { project_id: "21" },
      "a fork's merge request": {
        project_id: "99",
        project_path: "stranger/my-project",
        pipeline_source: "merge_request_event",
      },
      "another branch and environment": { ref: "main", environment: "production" },
      "a number where GitLab writes text": { project_id: 20 },
    },
    facts: {
      repository: "my-group/my-project",
      repository_id: "20",
      commit: "714a629c0b401fdce83e847fc9589983fc6f46bc",
      ref: "feature-branch-1",
      environment: "test-environment2",
      event: "push",
      run_id: "574",
      job_id: "302",
      actor: "sample-user",
    },
    singleUse: false,
  },
  circleci: {
    presets: [
      {
        preset: "circleci",
        orgId: "6c2f4f62-6a24-4c1c-8b5d-2f9d5a6b7c8d",
        projectId: "0f9d6a1e-3b5c-4d7e-9f10-1a2b3c4d5e6f",
        contextIds: ["a74579f1-2e7d-451e-b009-5c082ad2729e"],
        sshRerun: false,
      },
    ],
    claims: {
      iss: "https://oidc.circleci.com/org/6c2f4f62-6a24-4c1c-8b5d-2f9d5a6b7c8d",
      aud: OWN,
      sub:
        "org/6c2f4f62-6a24-4c1c-8b5d-2f9d5a6b7c8d/project/0f9d6a1e-3b5c-4d7e-9f10-1a2b3c4d5e6f/user/1/vcs-origin/github.com/acme/web/vcs-ref/refs/heads/main",
      "oidc.circleci.com/project-id": "0f9d6a1e-3b5c-4d7e-9f10-1a2b3c4d5e6f",
      "oidc.circleci.com/context-ids": ["a74579f1-2e7d-451e-b009-5c082ad2729e"],
      "oidc.circleci.com/vcs-origin": "github.com/acme/web",
      "oidc.circleci.com/vcs-ref": "refs/heads/main",
      "oidc.circleci.com/ssh-rerun": false,
    },
    misses: {
      "another organization": { iss: "https://oidc.circleci.com/org/other" },
      "another project": { "oidc.circleci.com/project-id": "1" },
      "no context": { "oidc.circleci.com/context-ids": undefined },
      "one context more": {
        "oidc.circleci.com/context-ids": ["a74579f1-2e7d-451e-b009-5c082ad2729e", "b"],
      },
      "a rerun with SSH": { "oidc.circleci.com/ssh-rerun": true },
      "threat 32: false as text": { "oidc.circleci.com/ssh-rerun": "false" },
    },
    facts: {
      repository: "github.com/acme/web",
      project_id: "0f9d6a1e-3b5c-4d7e-9f10-1a2b3c4d5e6f",
      ref: "refs/heads/main",
    },
    singleUse: false,
  },
  buildkite: {
    presets: [
      {
        preset: "buildkite",
        organization: "acme-inc",
        organizationId: "0184990a-477b-4fa8-9968-496074483aaa",
        pipeline: "super-duper-app",
        pipelineId: "0184990a-477b-4fa8-9968-496074483bbb",
        branch: "main",
      },
      {
        preset: "buildkite",
        organization: "acme-inc",
        pipeline: "super-duper-app",
        step: "build",
        branch: "main",
      },
    ],
    claims: {
      iss: "https://agent.buildkite.com",
      aud: OWN,
      sub:
        "organization:acme-inc:pipeline:super-duper-app:ref:refs/heads/main:commit:9f3182061f1e2cca4702c368cbc039b7dc9d4485:step:build",
      organization_slug: "acme-inc",
      organization_id: "0184990a-477b-4fa8-9968-496074483aaa",
      pipeline_slug: "super-duper-app",
      pipeline_id: "0184990a-477b-4fa8-9968-496074483bbb",
      build_number: 1,
      build_branch: "main",
      build_tag: "v1.0.0",
      build_commit: "9f3182061f1e2cca4702c368cbc039b7dc9d4485",
      step_key: "build",
      job_id: "0184990a-477b-4fa8-9968-496074483cee",
      agent_id: "0184990a-4782-42b5-afc1-16715b10b8ff",
      build_source: "ui",
      runner_environment: "buildkite-hosted",
    },
    misses: {
      "another pipeline": { pipeline_slug: "other", pipeline_id: "1" },
      "another organization": { organization_slug: "evil", organization_id: "1" },
      "another branch": { build_branch: "feature" },
      "threat 31: a branch that spells more claims": { build_branch: "main:step:build" },
    },
    facts: {
      repository: "super-duper-app",
      commit: "9f3182061f1e2cca4702c368cbc039b7dc9d4485",
      ref: "main",
      event: "ui",
      run_id: "1",
      job_id: "0184990a-477b-4fa8-9968-496074483cee",
      step: "build",
    },
    singleUse: true,
  },
  ...kubernetesSamples(),
  google: {
    presets: [
      {
        preset: "google",
        serviceAccountId: "117624302014157812345",
        serviceAccount: "web@acme-prod.iam.gserviceaccount.com",
        project: "acme-prod",
        projectNumber: 739419398126,
      },
      { preset: "google", serviceAccountId: "117624302014157812345" },
    ],
    claims: {
      iss: "https://accounts.google.com",
      aud: OWN,
      azp: "117624302014157812345",
      sub: "117624302014157812345",
      email: "web@acme-prod.iam.gserviceaccount.com",
      email_verified: true,
      google: {
        compute_engine: {
          instance_creation_timestamp: 1496953245,
          instance_id: "152986662232938449",
          instance_name: "example",
          project_id: "acme-prod",
          project_number: 739419398126,
          zone: "us-west1-a",
        },
      },
    },
    misses: {
      "another service account of the project": {
        sub: "1",
        email: "x@acme-prod.iam.gserviceaccount.com",
      },
      "an account deleted and made again under its name": { sub: "2" },
    },
    facts: {
      service_account: "web@acme-prod.iam.gserviceaccount.com",
      project: "acme-prod",
      zone: "us-west1-a",
      instance_id: "152986662232938449",
    },
    singleUse: false,
  },
  vercel: {
    presets: [
      {
        preset: "vercel",
        team: "acme",
        teamId: "team_7Gw5ZMzpQA8h90F832KGp7nw",
        project: "acme_website",
        projectId: "prj_7Gw5ZMzpQA8h90F832KGp7nwbuh3",
        environment: "production",
      },
    ],
    claims: {
      iss: "https://oidc.vercel.com/acme",
      aud: OWN,
      sub: "owner:acme:project:acme_website:environment:production",
      owner: "acme",
      owner_id: "team_7Gw5ZMzpQA8h90F832KGp7nw",
      project: "acme_website",
      project_id: "prj_7Gw5ZMzpQA8h90F832KGp7nwbuh3",
      environment: "production",
    },
    misses: {
      "another team": { iss: "https://oidc.vercel.com/evil", owner: "evil", owner_id: "team_2" },
      "a team that took the slug": { owner_id: "team_2", project_id: "prj_2" },
      "another project": { project: "other", project_id: "prj_2" },
      "threat 33: a preview": { environment: "preview" },
      "development": { environment: "development" },
    },
    facts: {
      project: "acme_website",
      project_id: "prj_7Gw5ZMzpQA8h90F832KGp7nwbuh3",
      environment: "production",
    },
    singleUse: true,
  },
  fly: {
    presets: [
      {
        preset: "fly",
        org: "example-org",
        orgId: "11111111",
        app: "example-app",
        appId: "22222222",
      },
    ],
    claims: {
      app_id: "22222222",
      app_name: "example-app",
      aud: OWN,
      image: "docker-hub-mirror.fly.io/you/image:latest",
      image_digest: "sha256:2c1cdaded1b3820020c9dc9fdd1d6e798d6f6ca36861bb6ae64019fad6be9ee3",
      iss: "https://oidc.fly.io/example-org",
      jti: "93ca09e1-70e0-477b-a260-1d8fcd4ef4f4",
      machine_id: "148e21ea7e46e8",
      machine_name: "example-machine",
      machine_version: "01HTGGC1TZ2JHK83J4AC0R3VET",
      org_id: "11111111",
      org_name: "example-org",
      region: "sea",
      sub: "example-org:example-app:example-machine",
    },
    misses: {
      "another organization": { iss: "https://oidc.fly.io/evil" },
      "an organization that took the slug": { org_id: "3" },
      "another app": { app_name: "other", app_id: "3" },
      "an app that took the name": { app_id: "3" },
    },
    facts: {
      machine_id: "148e21ea7e46e8",
      machine_version: "01HTGGC1TZ2JHK83J4AC0R3VET",
      image_digest: "sha256:2c1cdaded1b3820020c9dc9fdd1d6e798d6f6ca36861bb6ae64019fad6be9ee3",
      region: "sea",
    },
    singleUse: true,
  },
  "azure-devops": {
    presets: [
      {
        preset: "azure-devops",
        organizationId: "9c8b7a6d-0000-4000-8000-0f1e2d3c4b5a",
        subject: "p://example/test-oidc/test-oidc",
        projectId: "1a2b3c4d-0000-4000-8000-5e6f7a8b9c0d",
        pipelineId: "42",
        ref: "refs/heads/main",
      },
    ],
    claims: {
      iss: "https://vstoken.dev.azure.com/9c8b7a6d-0000-4000-8000-0f1e2d3c4b5a",
      aud: "api://AzureADTokenExchange",
      jti: "7b1b6a3e-0000-4000-8000-000000000000",
      sub: "p://example/test-oidc/test-oidc",
      org_id: "9c8b7a6d-0000-4000-8000-0f1e2d3c4b5a",
      prj_id: "1a2b3c4d-0000-4000-8000-5e6f7a8b9c0d",
      def_id: "42",
      rpo_id: "7d6c5b4a-0000-4000-8000-3f2e1d0c9b8a",
      rpo_uri: "https://dev.azure.com/example/test-oidc/_git/test-oidc",
      rpo_ver: "0123456789abcdef0123456789abcdef01234567",
      rpo_ref: "refs/heads/main",
      run_id: "1234",
    },
    misses: {
      "another organization": { iss: "https://vstoken.dev.azure.com/other" },
      "another pipeline of the project": { sub: "p://example/test-oidc/other", def_id: "43" },
      "a project that took the name": { prj_id: "2" },
      "another branch": { rpo_ref: "refs/heads/feature" },
      "a pull request": { rpo_ref: "refs/pull/1/merge" },
    },
    facts: {
      repository: "https://dev.azure.com/example/test-oidc/_git/test-oidc",
      repository_id: "7d6c5b4a-0000-4000-8000-3f2e1d0c9b8a",
      commit: "0123456789abcdef0123456789abcdef01234567",
      ref: "refs/heads/main",
      run_id: "1234",
    },
    singleUse: true,
  },
  "terraform-cloud": {
    presets: [
      {
        preset: "terraform-cloud",
        organizationId: "org-GRNbCjYNpBB6NEBH",
        workspace: "my-workspace",
        workspaceId: "ws-mbsd5E3Ktt5Rg2Xm",
        runPhase: "apply",
      },
    ],
    claims: {
      jti: "1192426d-b525-4fde-9d42-f238be437bbd",
      iss: "https://app.terraform.io",
      aud: OWN,
      sub: "organization:my-org:project:Default Project:workspace:my-workspace:run_phase:apply",
      terraform_run_phase: "apply",
      terraform_workspace_id: "ws-mbsd5E3Ktt5Rg2Xm",
      terraform_workspace_name: "my-workspace",
      terraform_organization_id: "org-GRNbCjYNpBB6NEBH",
      terraform_organization_name: "my-org",
      terraform_project_id: "prj-vegSA59s1XPwMr2t",
      terraform_project_name: "Default Project",
      terraform_run_id: "run-X3n1AUXNGWbfECsJ",
      terraform_full_workspace:
        "organization:my-org:project:Default Project:workspace:my-workspace",
    },
    misses: {
      "another organization": {
        terraform_organization_id: "org-2",
        terraform_workspace_id: "ws-2",
      },
      "a workspace that took the name": { terraform_workspace_id: "ws-2" },
      "a plan, which a pull request may start": { terraform_run_phase: "plan" },
    },
    facts: {
      project: "Default Project",
      workspace: "my-workspace",
      workspace_id: "ws-mbsd5E3Ktt5Rg2Xm",
      run_id: "run-X3n1AUXNGWbfECsJ",
      run_phase: "apply",
    },
    singleUse: false,
  },
  signet: {
    presets: [
      { preset: "signet", issuer: "https://other.example.net", workload: "web" },
      {
        preset: "signet",
        issuer: "https://other.example.net",
        subject: "deployment:acme/web/production/d1",
      },
    ],
    claims: {
      iss: "https://other.example.net",
      aud: OWN,
      jti: "01JABCDEF",
      sub: "deployment:acme/web/production/d1",
      org: "acme",
      app: "web",
      context: "production",
      workload: "web",
      deployment_id: "d1",
      revision_id: "r1",
    },
    misses: {
      "another workload": { workload: "api", sub: "deployment:acme/api/production/d1" },
      "a workload of another Signet": { iss: "https://third.example.net" },
      "another deployment and workload": {
        sub: "deployment:acme/web/production/d2",
        workload: "web2",
      },
    },
    facts: { environment: "production" },
    deploymentId: "d1",
    revisionId: "r1",
    singleUse: true,
  },
};

function kubernetesSamples(): Record<string, Sample> {
  const account = { namespace: "my-namespace", serviceAccount: "my-app" };
  const uid = "14ee3fa4-a7e2-420f-9f9a-dbc4507c3798";
  const clusters: Record<string, { issuer: string; params: Record<string, string> }> = {
    kubernetes: {
      issuer: "https://cluster.example.com",
      params: { issuer: "https://cluster.example.com" },
    },
    eks: {
      issuer: "https://oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE",
      params: { region: "eu-west-1", clusterId: "EXAMPLED539D4633E53DE1B71EXAMPLE" },
    },
    gke: {
      issuer:
        "https://container.googleapis.com/v1/projects/acme-prod/locations/europe-west1/clusters/main",
      params: { project: "acme-prod", location: "europe-west1", cluster: "main" },
    },
    aks: {
      issuer:
        "https://westeurope.oic.prod-aks.azure.com/2d8a5d5e-0000-4000-8000-1c2b3a4d5e6f/9f8e7d6c-0000-4000-8000-5a4b3c2d1e0f/",
      params: {
        issuer:
          "https://westeurope.oic.prod-aks.azure.com/2d8a5d5e-0000-4000-8000-1c2b3a4d5e6f/9f8e7d6c-0000-4000-8000-5a4b3c2d1e0f/",
      },
    },
  };
  const claims = {
    aud: [OWN],
    jti: "ea28ed49-2e11-4280-9ec5-bc3d1d84661a",
    sub: "system:serviceaccount:my-namespace:my-app",
    "kubernetes.io": {
      namespace: "my-namespace",
      node: { name: "127.0.0.1", uid: "58456cb0-dd00-45ed-b797-5578fdceaced" },
      pod: { name: "my-app-69cbfb9798-jv9gn", uid: "778a530c-b3f4-47c0-9cd5-ab018fb64f33" },
      serviceaccount: { name: "my-app", uid },
    },
  };
  const samples = Object.entries(clusters).map(([preset, { issuer, params }]) => {
    const sample: Sample = {
      presets: [
        { preset, ...params, ...account },
        { preset, ...params, ...account, serviceAccountUid: uid },
      ],
      claims: { iss: issuer, ...claims },
      misses: {
        "another cluster": { iss: issuer.replace(/[a-z]\/?$/i, "x") },
        "another service account": { sub: "system:serviceaccount:my-namespace:other" },
        "the same name in another namespace": { sub: "system:serviceaccount:evil:my-app" },
        "a user of that name": { sub: "system:user:my-namespace:my-app" },
      },
      facts: {
        namespace: "my-namespace",
        service_account: "my-app",
        pod: "my-app-69cbfb9798-jv9gn",
        pod_uid: "778a530c-b3f4-47c0-9cd5-ab018fb64f33",
        node: "127.0.0.1",
      },
      singleUse: false,
    };
    return [preset, sample] as const;
  });
  return Object.fromEntries(samples);
}

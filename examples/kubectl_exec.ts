// An exec plugin: kubectl runs it and gets a token, so that no kubeconfig holds one. In the kubeconfig:
//   users:
//   - name: web
//     user:
//       exec:
//         apiVersion: client.authentication.k8s.io/v1
//         command: deno
//         args: [run, --allow-env, --allow-net, examples/kubectl_exec.ts, kubernetes]
//         interactiveMode: Never
// `signet kube-exec` is the same without a file of your own.
import { execCredential } from "@signet/oidc/client/kubernetes";

const audience = Deno.args[0]; // one of issuer.audiences in the API server's AuthenticationConfiguration

console.log(JSON.stringify(await execCredential({ audience })));

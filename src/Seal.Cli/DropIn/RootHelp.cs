using GitOpsSecrets.Seal.Cli.CommandLine;

namespace GitOpsSecrets.Seal.Cli.DropIn;

internal static class RootHelp
{
    public static string Text(string program)
    {
        var commands = program == Program.OriginalName ? "" : $"""

            Commands (seal COMMAND --help says more):
              add NAME FILE                   seal a value into a file, as the repository's .seal.yaml says; set and unset change items
              scan [PATH…]                    find secrets in plain text, private keys, sealed values that cannot open
              diff [REV [REV]]                explain what changed in sealed files, without revealing values
              reencrypt PATH…                 seal files and folders again with the newest certificate, in place
              verify PATH…                    check SealedSecrets: structure, scope, certificate; with keys or a cluster: opens
              inspect FILE                    what an object is sealed for: scope, key, items and sizes
              template                        render a template, or an ExternalSecret's, as the controller would
              render PATH…                    manifests with their encrypted Secrets in clear, for pipelines
              sops COMMAND FILE               encrypt, decrypt, edit, set, rotate SOPS files
              convert FILE                    between a SOPS file, a SealedSecret and a Secret
              import                          SealedSecrets or ExternalSecrets from what a store or a cluster holds
              cert                            fetch, show and keep the certificate of a cluster
              keys                            list, make, retire, back up and restore sealing keys
              completion SHELL                completions for bash, zsh, fish, pwsh

            """;
        return $"""
            {program} turns a Secret into a SealedSecret, which only the controller in the cluster can open.
            The result may lie in a public repository. Reads standard input, writes standard output.

            Usage:
              {program} [flags] < secret.yaml > sealed-secret.yaml
            {commands}
            Examples:
              {program} --fetch-cert > cert.pem
              kubectl create secret generic db --dry-run=client --from-file=password -o yaml | {program} --cert cert.pem -o yaml > db.yaml
              {program} -f secret.yaml -w sealed.yaml --cert cert.pem
              {program} --merge-into sealed.yaml --cert cert.pem < more.yaml
              {program} --raw --name db --namespace team-a --cert cert.pem < password.txt
              {program} --recovery-unseal --recovery-private-key keys.yaml < sealed.yaml
            {HelpWriter.Flags(program == Program.OriginalName ? RootFlags.OriginalGroups : RootFlags.Groups)}
            Environment:
              Each flag is also a variable: SEALED_SECRETS_ and its name in capitals, - as _ (SEALED_SECRETS_CONTROLLER_NAME).
              The command line wins. KUBECONFIG lists kubeconfig files; HTTPS_PROXY and its like hold for URLs.

            Exit codes:
              0 done   1 failed; standard error says why   2 the command line cannot be understood

            """;
    }
}

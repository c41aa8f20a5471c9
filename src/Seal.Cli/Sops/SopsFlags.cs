using GitOpsSecrets.Seal.Cli.CommandLine;
using GitOpsSecrets.Sops.Rules;

namespace GitOpsSecrets.Seal.Cli.Sops;

/// <summary>Flags of <c>seal sops …</c>, spelled as the original spells them.</summary>
internal static class SopsFlags
{
    private static readonly string[] Formats = ["yaml", "json", "dotenv", "ini", "binary"];

    public static readonly Flag InPlace = Toggle("in-place", "write the result back to the file") with { Letter = 'i' };
    public static readonly Flag Output = Text("output", "FILE", "write the result here instead of standard output");
    public static readonly Flag InputType = Text("input-type", "FORMAT", "yaml, json, dotenv, ini or binary; else by the file's extension") with { Choices = Formats };
    public static readonly Flag OutputType = Text("output-type", "FORMAT", "format of the result; else that of the input") with { Choices = Formats };
    public static readonly Flag FilenameOverride = Text("filename-override", "NAME", "treat the input as a file of this name: for its format and the creation rules");
    public static readonly Flag Config = Text("config", "FILE", "creation rules; else $SOPS_CONFIG, else the nearest .sops.yaml from the file's folder upward");
    public static readonly Flag Indent = new("indent", FlagKind.Number, "spaces a level in YAML and JSON; else what .sops.yaml says") { Value = "N", FromEnvironment = false };

    public static readonly Flag KeyFile = List("key-file", "FILE", "key to open with: age identities, an OpenSSH or an armored OpenPGP private key; an OpenPGP public key to encrypt to");
    public static readonly Flag PassphraseFile = Text("passphrase-file", "FILE", "its first line opens key files that have a passphrase, instead of asking on the terminal");
    public static readonly Flag IgnoreMac = Toggle("ignore-mac", "decrypt although the file was changed since it was sealed");
    public static readonly Flag DecryptionOrder = Text("decryption-order", "KIND,…", "kinds of keys to try first, such as pgp,age; else $SOPS_DECRYPTION_ORDER, else age,pgp");

    public static readonly Flag Age = List("age", "RECIPIENT,…", "age recipients: age1…, age1pq1…, ssh-ed25519 …, ssh-rsa …; else $SOPS_AGE_RECIPIENTS") with { Letter = 'a' };
    public static readonly Flag Pgp = List("pgp", "FINGERPRINT,…", "OpenPGP fingerprints, their public keys in --key-file; else $SOPS_PGP_FP") with { Letter = 'p' };
    public static readonly Flag Kms = List("kms", "ARN,…", "AWS KMS keys; else $SOPS_KMS_ARN") with { Letter = 'k' };
    public static readonly Flag EncryptionContext = List("encryption-context", "NAME:VALUE,…", "bind what those AWS KMS keys wrap to these names and values");
    public static readonly Flag AwsProfile = Text("aws-profile", "NAME", "ask those AWS KMS keys with this profile of ~/.aws/credentials; the file remembers its name");
    public static readonly Flag GcpKms = List("gcp-kms", "ID,…", "Google Cloud KMS keys; else $SOPS_GCP_KMS_IDS");
    public static readonly Flag AzureKv = List("azure-kv", "URL,…", "Azure Key Vault keys; else $SOPS_AZURE_KEYVAULT_URLS");
    public static readonly Flag VaultTransit = List("hc-vault-transit", "URL,…", "Vault transit keys; else $SOPS_VAULT_URIS");
    public static readonly Flag Threshold = new("shamir-secret-sharing-threshold", FlagKind.Number, "how many key groups it takes to open the file") { Value = "N", FromEnvironment = false };

    public static readonly Flag MacOnlyEncrypted = Toggle("mac-only-encrypted", "leave clear values out of the MAC, so that they can be edited without a key");

    /// <summary>In the order of <see cref="SelectionKind"/>.</summary>
    public static readonly IReadOnlyList<Flag> Selection =
    [
        Text("unencrypted-suffix", "TEXT", "leave clear what is below keys that end so"),
        Text("encrypted-suffix", "TEXT", "encrypt only what is below keys that end so"),
        Text("unencrypted-regex", "REGEX", "leave clear what is below keys that match"),
        Text("encrypted-regex", "REGEX", "encrypt only what is below keys that match"),
        Text("unencrypted-comment-regex", "REGEX", "leave clear what follows a comment that matches"),
        Text("encrypted-comment-regex", "REGEX", "encrypt only what follows a comment that matches"),
    ];

    public static FlagGroup Opening { get; } = new("Keys to open with", [KeyFile, PassphraseFile, DecryptionOrder]);

    public static FlagGroup Recipients { get; } = new("Keys to encrypt to, instead of the creation rules", [Age, Pgp, Kms, EncryptionContext, AwsProfile, GcpKms, AzureKv, VaultTransit, Threshold]);

    public static FlagGroup What { get; } = new("What to encrypt, instead of what the creation rules say", [.. Selection, MacOnlyEncrypted]);

    public static FlagGroup Files { get; } = new("Files", [InputType, OutputType, FilenameOverride, Config, Indent]);

    public static Flag Text(string name, string value, string help) => new(name, FlagKind.Text, help) { Value = value, FromEnvironment = false };

    public static Flag List(string name, string value, string help) => new(name, FlagKind.List, help) { Value = value, FromEnvironment = false };

    public static Flag Toggle(string name, string help) => new(name, FlagKind.Toggle, help) { FromEnvironment = false };
}

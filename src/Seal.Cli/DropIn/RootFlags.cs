using GitOpsSecrets.Seal.Cli.CommandLine;

namespace GitOpsSecrets.Seal.Cli.DropIn;

/// <summary>Every flag of kubeseal, with the same defaults.</summary>
internal static class RootFlags
{
    public static readonly Flag Cert = new("cert", FlagKind.Text, "certificate to seal with: a file or a URL; without it the controller is asked") { Value = "FILE|URL" };
    public static readonly Flag Format = new("format", FlagKind.Text, "json or yaml; if not given: yaml when the output file or the input is YAML, else json") { Letter = 'o', Value = "FORMAT" };
    public static readonly Flag OutputFile = new("sealed-secret-file", FlagKind.Text, "write here, whole or not at all, instead of standard output, which - is too under the name seal") { Letter = 'w', Value = "FILE" };
    public static readonly Flag InputFile = new("secret-file", FlagKind.Text, "read this instead of standard input") { Letter = 'f', Value = "FILE" };
    public static readonly Flag Scope = new("scope", FlagKind.Text, "strict (this name and namespace), namespace-wide, cluster-wide") { Value = "SCOPE", Default = "strict", Choices = ["strict", "namespace-wide", "cluster-wide"] };
    public static readonly Flag Name = new("name", FlagKind.Text, "name of the Secret, instead of the input's") { Value = "NAME" };
    public static readonly Flag AllowEmptyData = new("allow-empty-data", FlagKind.Toggle, "seal a Secret that has no items");

    public static readonly Flag Raw = new("raw", FlagKind.Toggle, "seal one value, as it comes, and print its base64");
    public static readonly Flag FromFile = new("from-file", FlagKind.List, "with --raw: read the value here instead of standard input") { Value = "[ITEM=]FILE" };
    public static readonly Flag MergeInto = new("merge-into", FlagKind.Text, "add the sealed items to this SealedSecret's file; its scope, comments and order stay") { Value = "FILE" };
    public static readonly Flag FetchCert = new("fetch-cert", FlagKind.Toggle, "print the certificate");
    public static readonly Flag Validate = new("validate", FlagKind.Toggle, "ask the controller whether it can open the input");
    public static readonly Flag ReEncrypt = new("re-encrypt", FlagKind.Toggle, "have the controller seal the input again with its newest key; with -f, in place");
    public static readonly Flag Rotate = new("rotate", FlagKind.Toggle, "old name of --re-encrypt") { Hidden = true, ReplacedBy = "re-encrypt" };
    public static readonly Flag RecoveryUnseal = new("recovery-unseal", FlagKind.Toggle, "open the input with --recovery-private-key and print the Secret: disaster recovery");
    public static readonly Flag RecoveryPrivateKey = new("recovery-private-key", FlagKind.List, "private keys: PEM, a backup of seal keys backup, or Secrets as backed up from the cluster") { Value = "FILE,…", Alias = "private-key" };

    public static readonly Flag PassphraseFile = new("passphrase-file", FlagKind.Text, "its first line opens private keys that are encrypted; else it is asked for") { Value = "FILE", FromEnvironment = false };

    public static readonly Flag Version = new("version", FlagKind.Toggle, "print the version and what does the cryptography") { FromEnvironment = false };
    public static readonly Flag Help = new("help", FlagKind.Toggle, "print this") { Letter = 'h', FromEnvironment = false };

    /// <summary>Read once; the logging flags of the original's library come last, are accepted, and do nothing: there is no log.</summary>
    public static IReadOnlyList<FlagGroup> Groups { get; } =
    [
        new("Sealing", [Cert, InputFile, OutputFile, Format, Scope, Name, AllowEmptyData, ClusterFlags.Namespace]),
        new("Other work than sealing a Secret",
            [Raw, FromFile, MergeInto, FetchCert, Validate, ReEncrypt, Rotate, RecoveryUnseal, RecoveryPrivateKey, PassphraseFile]),
        ClusterFlags.Group,
        new("General", [Version, Help]),
        new("Logging",
        [
            Ignored("v", FlagKind.Number) with { Letter = 'v' }, Ignored("vmodule"), Ignored("logtostderr", FlagKind.Toggle), Ignored("alsologtostderr", FlagKind.Toggle),
            Ignored("stderrthreshold"), Ignored("log_dir"), Ignored("log_file"), Ignored("log_file_max_size", FlagKind.Number), Ignored("log_backtrace_at"),
            Ignored("add_dir_header", FlagKind.Toggle), Ignored("skip_headers", FlagKind.Toggle), Ignored("skip_log_headers", FlagKind.Toggle),
            Ignored("one_output", FlagKind.Toggle), Ignored("legacy_stderr_threshold_behavior", FlagKind.Toggle), Ignored("alsologtostderrthreshold"),
        ]),
    ];

    /// <summary>Under the original's name, where the input's form says nothing about that of the output.</summary>
    public static IReadOnlyList<FlagGroup> OriginalGroups =>
        [Groups[0] with { Flags = [.. Groups[0].Flags.Select(flag => flag == Format ? flag with { Help = "json or yaml; if not given: yaml when the output file is YAML, else json" } : flag)] }, .. Groups.Skip(1)];

    private static Flag Ignored(string name, FlagKind kind = FlagKind.Text) => new(name, kind, "") { Hidden = true, FromEnvironment = false };
}

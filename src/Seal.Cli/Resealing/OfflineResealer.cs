using GitOpsSecrets.Api;
using GitOpsSecrets.Seal.Cli.CommandLine;
using GitOpsSecrets.Seal.Cli.DropIn;
using GitOpsSecrets.Seal.Cli.Editing;
using GitOpsSecrets.Seal.Cli.Manifests;
using GitOpsSecrets.Sealing;

namespace GitOpsSecrets.Seal.Cli.Resealing;

/// <summary>Opens with private keys at hand and seals to a certificate. Nothing leaves this process.</summary>
internal sealed class OfflineResealer : IObjectResealer
{
    /// <summary>Files are worked on in parallel already.</summary>
    private static readonly UnsealOptions OneAtATime = UnsealOptions.Default with { Parallelism = 1 };

    private readonly KeyRing _keys;
    private readonly SealingCertificate _certificate;

    private OfflineResealer(KeyRing keys, SealingCertificate certificate)
    {
        _keys = keys;
        _certificate = certificate;
    }

    public static async Task<OfflineResealer> OpenAsync(ParsedFlags flags, TimeProvider time, CancellationToken cancellationToken)
    {
        var certificate = await CertificateSource.LoadAsync(flags, RootFlags.Cert, time, cancellationToken);
        return new OfflineResealer(PrivateKeyFiles.Load(flags.List(RootFlags.RecoveryPrivateKey), flags.TextOrNull(RootFlags.PassphraseFile), inputIsTaken: false), certificate);
    }

    public Task<ResealedObject> ResealAsync(ManifestObject source, CancellationToken cancellationToken)
    {
        var before = ObjectDecoder.SealedSecret(source);
        var result = Resealer.Reseal(before, _keys, _certificate, hint: true, OneAtATime);
        var changes = new List<(string[], string)>();
        foreach (var (item, outcome) in result.Items)
        {
            if (outcome.Outcome == ResealOutcome.Changed) changes.Add(ItemAt(before, result.SealedSecret, item));
        }
        var items = changes.Count;
        var hint = result.SealedSecret.Metadata.Annotation(SealedSecretAnnotations.SealingKeyHint);
        var old = before.Metadata.Annotation(SealedSecretAnnotations.SealingKeyHint);
        KeyHint.Note(changes, old, hint);
        return Task.FromResult(new ResealedObject(changes, items, result.Items.Count, result.Failure?.Explanation));
    }

    public void Dispose() => _keys.Dispose();

    private static (string[] Path, string Value) ItemAt(SealedSecret before, SealedSecret after, string item) => string.IsNullOrEmpty(before.Spec.Data)
        ? (["spec", "encryptedData", item], after.Spec.EncryptedData![item])
        : (["spec", "data"], after.Spec.Data!);
}

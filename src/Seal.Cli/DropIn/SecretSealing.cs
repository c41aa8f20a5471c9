using GitOpsSecrets.Api;
using GitOpsSecrets.Seal.Cli.CommandLine;
using GitOpsSecrets.Seal.Cli.Kube;
using GitOpsSecrets.Seal.Cli.Manifests;
using GitOpsSecrets.Seal.Cli.Terminal;
using GitOpsSecrets.Sealing;

namespace GitOpsSecrets.Seal.Cli.DropIn;

/// <summary>Secrets in, SealedSecrets out, in the same order. All of them or none: output is printed at the end.</summary>
internal sealed class SecretSealing(ParsedFlags flags, ClusterSettingsReader cluster, SealingCertificate certificate)
{
    private const string EmptyData =
        "secret.data is empty in input Secret, assuming this is an error and aborting. To work with empty data, --allow-empty-data can be used";

    public byte[] Run(Manifest input, Func<Manifest, OutputFormat> format)
    {
        if (input.Objects.Count == 0) throw new CommandException($"no secrets found. Ensure the input is valid and UTF-8 encoded\n{input.Source} is empty");
        var sealedSecrets = input.Objects.Select(source => Seal(source, input.IsYaml)).ToList();
        var output = new ManifestWriter(format(input));
        foreach (var sealedSecret in sealedSecrets) output.Add(sealedSecret);
        return output.Written.ToArray();
    }

    /// <summary>The checks in the original's order: the first that fails is the one whose words are printed.</summary>
    private SealedSecret Seal(ManifestObject source, bool yaml)
    {
        var secret = ObjectDecoder.SecretToSeal(source, yaml);
        if (IsEmpty(secret) && !flags.On(RootFlags.AllowEmptyData)) throw Refuse(EmptyData);
        if (flags.TextOrNull(RootFlags.Name) is { } name) secret = secret with { Metadata = secret.Metadata with { Name = name } };
        if (string.IsNullOrEmpty(secret.Metadata.Name)) throw Refuse("missing metadata.name in input Secret");
        secret = secret with { Metadata = WithNamespace(WithScope(secret.Metadata, source.Place), Refuse) };
        foreach (var problem in Doubts(SealingScopes.Of(secret.Metadata), secret.Metadata.Namespace, secret.Metadata.Name).Concat(DoubtsOfItems(secret))) Talk.Warn(source.Place.Explain(problem));
        var result = Sealer.Seal(secret, certificate, hint: true);
        return result.Succeeded ? result.SealedSecret : throw Refuse(result.Failure.Message);

        CommandException Refuse(string problem) => new(source.Place.Explain(problem));
    }

    /// <summary>Of what is sealed in: the original takes any text for it, and what is sealed for one that nothing can have opens nowhere.</summary>
    public static IEnumerable<string> Doubts(SealingScope scope, string? space, string? name) =>
        ObjectNames.Problems(scope == SealingScope.ClusterWide ? null : space, scope == SealingScope.Strict ? name : null);

    /// <summary>Of names that the API server refuses, with the whole Secret.</summary>
    public static IEnumerable<string> DoubtsOfItems(Secret secret)
    {
        foreach (var name in (secret.Data ?? []).Keys)
        {
            if (ObjectNames.ProblemOfItem(name) is { } problem) yield return problem;
        }
        foreach (var name in (secret.StringData ?? []).Keys)
        {
            if (secret.Data?.ContainsKey(name) != true && ObjectNames.ProblemOfItem(name) is { } problem) yield return problem;
        }
    }

    public static bool IsEmpty(Secret secret) => secret.Data is null or { Count: 0 } && secret.StringData is null or { Count: 0 };

    /// <summary>
    /// The flag against the annotations. Where the original lets <c>--scope strict</c> leave a wider annotation in force, it holds here:
    /// who asks for strict gets strict.
    /// </summary>
    private ObjectMeta WithScope(ObjectMeta metadata, ManifestPlace place)
    {
        if (!flags.Given(RootFlags.Scope) || !SealingScopes.TryParse(flags.Text(RootFlags.Scope), out var asked)) return metadata;
        var annotated = SealingScopes.Of(metadata);
        if (asked == SealingScope.Strict && annotated != SealingScope.Strict)
            Talk.Warn(place.Explain($"--scope strict overrides the input's {SealingScopes.Name(annotated)} annotation"));
        return SealingScopes.Annotate(metadata, asked);
    }

    private ObjectMeta WithNamespace(ObjectMeta metadata, Func<string, CommandException> refuse)
    {
        if (SealingScopes.Of(metadata) == SealingScope.ClusterWide) return metadata;
        var given = metadata.Namespace;
        if (string.IsNullOrEmpty(given)) return metadata with { Namespace = cluster.DefaultNamespace() ?? throw refuse("secret must declare a namespace") };
        if (cluster.ExplicitNamespace is { } wanted && wanted != given)
            throw refuse($"namespace mismatch: input secret is in namespace \"{given}\" but \"{wanted}\" was specified");
        return metadata;
    }
}

using System.Text;
using System.Text.Json;
using GitOpsSecrets.Providers.Json;

namespace GitOpsSecrets.Providers.Declared;

/// <summary>Reads the inputs of a definition from a store and from the Secrets that it names.</summary>
internal static class InputReader
{
    /// <returns>All but the tokens of service accounts, which are requested for each login; the caller's to dispose.</returns>
    public static async Task<Variables> ReadAsync(Definition definition, JsonElement options, IStoreCluster cluster, CancellationToken cancellationToken)
    {
        var variables = new Variables();
        try
        {
            foreach (var input in definition.Inputs)
            {
                await AddAsync(variables, input, options, cluster, cancellationToken).ConfigureAwait(false);
                AddParts(variables, input);
            }

            return variables;
        }
        catch
        {
            variables.Dispose();
            throw;
        }
    }

    private static async Task AddAsync(Variables to, InputRule input, JsonElement options, IStoreCluster cluster, CancellationToken cancellationToken)
    {
        switch (input.Kind)
        {
            case InputKind.Secret:
                await AddSecretAsync(to, input, options, input.Field, cluster, cancellationToken).ConfigureAwait(false);
                break;
            case InputKind.Either:
                if (StoreFields.Text(options, input.Field + ".value") is { Length: > 0 } value) to.Set(input.Name, value);
                else await AddSecretAsync(to, input, options, input.Field + ".secretRef", cluster, cancellationToken).ConfigureAwait(false);
                break;
            case InputKind.List:
                AddList(to, input.Name, StoreFields.Texts(options, input.Field));
                break;
            case InputKind.Ordered:
                AddList(to, input.Name, StoreFields.Ordered(options, input.Field));
                break;
            case InputKind.Field:
                to.Set(input.Name, StoreFields.Text(options, input.Field) is { Length: > 0 } text ? Adapted(input, text) : input.Default);
                break;
            default:
                break;
        }
    }

    private static string Adapted(InputRule input, string text)
    {
        if (input.IsUpper) text = text.ToUpperInvariant();
        if (input.Without is not { } end) return text;
        text = text.TrimEnd('/');
        return text.EndsWith(end, StringComparison.Ordinal) ? text[..^end.Length] : text;
    }

    private static void AddParts(Variables to, InputRule input)
    {
        if (input.Parts.Count == 0 || !to.Has(input.Name)) return;
        foreach (var (name, path) in input.Parts)
        {
            using var found = FoundValue.In(to.Need(input.Name), path);
            if (found is null or { IsNull: true }) throw new ProviderException(ProviderFailureKind.Invalid, $"what {input.Field} names is no JSON with {path}");
            to.Set(name, found.ToBytes());
        }
    }

    /// <summary>As a text, a list is its first element.</summary>
    private static void AddList(Variables to, string name, IReadOnlyList<string> elements)
    {
        to.SetList(name, [.. elements.Select(Encoding.UTF8.GetBytes)]);
        to.Set(name, elements.Count > 0 ? elements[0] : "");
    }

    /// <summary>Without the line ends that editors leave behind credentials.</summary>
    private static async Task AddSecretAsync(Variables to, InputRule input, JsonElement options, string field, IStoreCluster cluster, CancellationToken cancellationToken)
    {
        if (StoreFields.Secret(options, field) is not { } selector)
        {
            to.Set(input.Name, input.Default);
            return;
        }

        if (input.Key is not null) selector = selector with { Key = input.Key };
        var bytes = await SelectedText.ReadBytesAsync(cluster, selector, input.DefaultKey, cancellationToken).ConfigureAwait(false);
        var length = bytes.AsSpan().TrimEnd("\r\n"u8).Length;
        if (length == bytes.Length)
        {
            to.Set(input.Name, bytes);
            return;
        }

        to.Set(input.Name, bytes[..length]);
        System.Security.Cryptography.CryptographicOperations.ZeroMemory(bytes);
    }
}

using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using GitOpsSecrets.Providers.Json;

namespace GitOpsSecrets.Providers.Declared;

/// <summary>Makes a secret of the last answer, as a definition's <c>result</c> says.</summary>
internal static class DeclaredResult
{
    /// <exception cref="ProviderException"><see cref="ProviderFailureKind.Invalid"/>: the answer has no such thing.</exception>
    public static RemoteSecret Secret(string key, IReadOnlyList<ResultRule> rules, DeclaredAnswer answer, Variables variables, DeclaredSteps steps)
    {
        var rule = Choose(rules, variables) ?? throw steps.Lacks($"the request for \"{key}\"", "value of a kind that is known");
        var (within, extract) = (Choose(rule.Within, variables), Choose(rule.Extract, variables));
        var secret = Secret(key, rule, answer, variables, steps);
        if (within is null && extract is null) return secret;
        RemoteSecret? parts = null;
        try
        {
            parts = within is null ? null : Secret(key, within, answer, variables, steps);
            return new SplitSecret(secret, parts, extract is null ? null : Secret(key, extract, answer, variables, steps));
        }
        catch
        {
            secret.Dispose();
            parts?.Dispose();
            throw;
        }
    }

    private static ResultRule? Choose(IReadOnlyList<ResultRule> rules, Variables variables) => rules.FirstOrDefault(rule => rule.Condition.Holds(variables));

    private static RemoteSecret Secret(string key, ResultRule rule, DeclaredAnswer answer, Variables variables, DeclaredSteps steps)
    {
        if (rule.Certificate is { } certificate) return CertificateSecret.Of(answer, certificate) ?? throw steps.Lacks($"the request for \"{key}\"", $"{certificate.Chain} and {certificate.Key}");
        if (rule.Value is null) return Whole(key, rule, answer.Body.ToArray(), variables);
        var path = rule.Value.Text(variables);
        using var found = answer.Find(path);
        if (found is null or { IsNull: true }) throw steps.Lacks($"the request for \"{key}\"", path);
        if (rule.HasEncodedMembers) return found.IsObject ? PairsSecret.OfEncoded(key, found) : throw steps.Lacks($"the request for \"{key}\"", $"object at {path}");
        if (rule.PairName is null) return Whole(key, rule, rule.IsWrapped ? Unwrapped(found) : found.ToBytes(), variables);
        if (!found.IsList) throw steps.Lacks($"the request for \"{key}\"", $"list at {path}");
        return PairsSecret.Of(key, found, rule, Filled(rule.DefaultProperty, variables), Filled(rule.PropertyName, variables));
    }

    /// <summary>From base64 of either alphabet, padded or not; the text is zeroed.</summary>
    /// <exception cref="ProviderException"><see cref="ProviderFailureKind.Invalid"/>: it is none.</exception>
    public static byte[] Decode(byte[] text)
    {
        var bytes = new byte[text.Length];
        try
        {
            foreach (ref var one in text.AsSpan())
            {
                if (one == (byte)'+') one = (byte)'-';
                else if (one == (byte)'/') one = (byte)'_';
            }

            var status = Base64Url.DecodeFromUtf8(text.AsSpan().TrimEnd("\r\n"u8), bytes, out _, out var written);
            return status == OperationStatus.Done ? bytes[..written] : throw new ProviderException(ProviderFailureKind.Invalid, "the store's value is not base64, as it should be");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(text);
            CryptographicOperations.ZeroMemory(bytes);
        }
    }

    private static byte[] Unwrapped(FoundValue found)
    {
        var json = WrappedJson.Unwrap(found.Piece);
        var text = JsonPiece.Of(json).ToText();
        CryptographicOperations.ZeroMemory(json);
        return text;
    }

    private static RemoteSecret Whole(string key, ResultRule rule, byte[] bytes, Variables variables)
    {
        var value = rule.IsBase64 ? Decode(bytes) : bytes;
        RemoteSecret secret = rule switch
        {
            { IsProperty: true } => new PropertySecret(key, value, Filled(rule.PropertyName, variables)),
            { IsYaml: true } => new YamlSecret(key, value),
            _ => new JsonSecret(key, value, rule.Order, rule.IsMissingWithoutProperty ? MissingProperty.MissingSecret : MissingProperty.Failure),
        };
        return Filled(rule.DefaultProperty, variables) is { } property ? new DefaultedSecret(secret, property) : secret;
    }

    private static string? Filled(TextPattern? pattern, Variables variables) => pattern?.IsComplete(variables) == true ? pattern.Text(variables) : null;
}

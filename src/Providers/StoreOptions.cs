using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace GitOpsSecrets.Providers;

/// <summary>Reads options and specs into their records.</summary>
public static class StoreOptions
{
    /// <exception cref="ProviderException"><see cref="ProviderFailureKind.Invalid"/>: they are not what the record needs.</exception>
    public static T Read<T>(string what, JsonElement options, JsonTypeInfo<T> shape)
        where T : class
    {
        try
        {
            if (options.ValueKind == JsonValueKind.Object && options.Deserialize(shape) is { } read) return read;
        }
        catch (JsonException failure)
        {
            // The message names types and fields; the values stay out of it.
            throw new ProviderException(ProviderFailureKind.Invalid, $"{what}: {failure.Message}");
        }

        throw new ProviderException(ProviderFailureKind.Invalid, $"{what} must be an object");
    }

    /// <param name="findings">What must be empty; the first one is the failure.</param>
    /// <exception cref="ProviderException"><see cref="ProviderFailureKind.Invalid"/>: they are not what the record needs, or a check finds something.</exception>
    public static T Read<T>(string what, JsonElement options, JsonTypeInfo<T> shape, Func<T, IEnumerable<string>> findings)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(findings);
        var read = Read(what, options, shape);
        return findings(read).FirstOrDefault() is { } problem ? throw new ProviderException(ProviderFailureKind.Invalid, problem) : read;
    }

    /// <summary>The findings of a check over options that can be read; of those that cannot, why.</summary>
    public static IReadOnlyList<string> Check<T>(string what, JsonElement options, JsonTypeInfo<T> shape, Func<T, IEnumerable<string>> findings)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(findings);
        try
        {
            return [.. findings(Read(what, options, shape))];
        }
        catch (ProviderException failure)
        {
            return [failure.Message];
        }
    }
}

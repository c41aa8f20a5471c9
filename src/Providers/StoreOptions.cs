using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace GitOpsSecrets.Providers;

/// <summary>Reads what stands below <c>spec.provider.NAME</c> into the provider's options.</summary>
public static class StoreOptions
{
    /// <exception cref="ProviderException">They are not of the provider's form; the message names the field.</exception>
    public static T Read<T>(StoreDescription store, JsonTypeInfo<T> type)
        where T : class
        => TryRead(store, type, out var options, out var problem) ? options : throw new ProviderException(ProviderFailureKind.Invalid, problem);

    /// <param name="problem">What is wrong, with the field it is wrong with.</param>
    public static bool TryRead<T>(StoreDescription store, JsonTypeInfo<T> type, [NotNullWhen(true)] out T? options, [NotNullWhen(false)] out string? problem)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(type);
        try
        {
            options = store.Options.Deserialize(type);
            problem = options is null ? "the provider has no options" : null;
        }
        catch (JsonException e)
        {
            // The path says where; the parser's own words may quote what is there.
            options = null;
            problem = $"spec.provider: {e.Path ?? "$"} is missing or of the wrong type";
        }
        return options is not null;
    }
}

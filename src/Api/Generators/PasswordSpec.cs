using System.Text.Json.Serialization;
using GitOpsSecrets.Api.Schema;

namespace GitOpsSecrets.Api.Generators;

/// <summary>A random password.</summary>
[GeneratorKind(GeneratorKinds.Password)]
public sealed record PasswordSpec
{
    public const int DefaultLength = 24;
    public const string DefaultSymbolCharacters = """~!@#$%^&*()_+`-={}|[]\:"<>?,./""";
    public const string Raw = "raw";

    /// <summary>How many characters; 24 by default.</summary>
    [Schema(Nullable = true, Format = "")]
    public int? Length { get; init; }

    /// <summary>How many digits; a quarter of the length by default.</summary>
    [Schema(Format = "")]
    public int? Digits { get; init; }

    /// <summary>How many symbols; a quarter of the length by default.</summary>
    [Schema(Format = "")]
    public int? Symbols { get; init; }

    /// <summary>The symbols to choose from.</summary>
    public string? SymbolCharacters { get; init; }

    /// <summary>No upper-case letters.</summary>
    [Schema(Nullable = true)]
    public bool? NoUpper { get; init; }

    /// <summary>Whether a character may occur twice.</summary>
    [Schema(Nullable = true)]
    public bool? AllowRepeat { get; init; }

    /// <summary>Keys under which passwords are given; each gets one of its own. password by default.</summary>
    [Schema(MinItems = 1)]
    public IReadOnlyList<string>? SecretKeys { get; init; }

    /// <summary>raw by default.</summary>
    [Values("base64", "base64url", "base32", "hex", Raw)]
    [Schema(Nullable = true)]
    public string? Encoding { get; init; }

    [JsonIgnore]
    public string EffectiveEncoding => string.IsNullOrEmpty(Encoding) ? Raw : Encoding;
}

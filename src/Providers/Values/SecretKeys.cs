using System.Globalization;
using System.Text;

namespace GitOpsSecrets.Providers.Values;

/// <summary>Keys of a store made into keys of a Secret. Pure; what they give is the caller's to dispose.</summary>
internal static class SecretKeys
{
    private const int Longest = 253;

    /// <summary><c>conversionStrategy</c>: what no Secret's key can have becomes <c>_</c>, or with Unicode <c>_U002f_</c>.</summary>
    /// <exception cref="ValuesException">Two keys become one.</exception>
    public static SecretValues Convert(SecretValues values, string? strategy)
    {
        var converted = new SecretValues();
        try
        {
            foreach (var (key, value) in values.Entries)
            {
                var name = ConvertKey(key, strategy);
                if (converted.Contains(name)) throw new ValuesException($"secret name collision during conversion: {name}");
                converted.Set(name, [.. value]);
            }
            return converted;
        }
        catch
        {
            converted.Dispose();
            throw;
        }
    }

    public static string ConvertKey(string key, string? strategy)
    {
        var text = new StringBuilder(key.Length);
        foreach (var rune in key.EnumerateRunes())
        {
            if (IsAllowed(rune)) text.Append(rune);
            else if (strategy == "Unicode") text.Append(CultureInfo.InvariantCulture, $"_U{rune.Value:x4}_");
            else text.Append('_');
        }
        return text.ToString();
    }

    /// <summary>Drops the empty key, as the original does, and refuses those that cannot be.</summary>
    /// <exception cref="ValuesException">A key that cannot be.</exception>
    public static void Check(SecretValues values)
    {
        values.Remove("");
        foreach (var key in values.Keys)
        {
            const string Tip = "invalid secret keys (TIP: use rewrite or conversionStrategy to change keys): ";
            if (key.Length > Longest) throw new ValuesException($"{Tip}key {key[..32]}… is longer than {Longest} characters");
            foreach (var rune in key.EnumerateRunes())
            {
                if (!IsAllowed(rune)) throw new ValuesException($"{Tip}key {Printable(key)} has invalid character {Printable(rune.ToString())}");
            }
        }
    }

    /// <summary>Go's unicode.IsLetter and IsNumber, and what Secrets allow besides.</summary>
    private static bool IsAllowed(Rune rune) => Rune.IsLetter(rune) || Rune.IsNumber(rune) || rune.Value is '-' or '.' or '_';

    private static string Printable(string text) => string.Concat(text.EnumerateRunes().Select(rune => Rune.IsControl(rune) ? "\ufffd" : rune.ToString()));
}

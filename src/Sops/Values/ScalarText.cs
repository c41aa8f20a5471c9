using System.Globalization;
using System.Text;
using GitOpsSecrets.Sops.Documents;

namespace GitOpsSecrets.Sops.Values;

/// <summary>Between a decrypted plaintext with its type tag and a typed scalar.</summary>
internal static class ScalarText
{
    public const string CommentType = "comment";

    public static string TypeOf(ScalarKind kind) => kind switch
    {
        ScalarKind.Text => "str",
        ScalarKind.Whole => "int",
        ScalarKind.Real => "float",
        ScalarKind.Boolean => "bool",
        ScalarKind.Time => "time",
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    /// <param name="type">The tag of the sealed value; not authenticated, so the text decides whether it can be that.</param>
    /// <param name="plaintext">Taken over by a text scalar.</param>
    /// <returns>Null for an unknown type, or a text that is none of that type. <c>bytes</c> is unknown: sops never writes it.</returns>
    public static ScalarNode? Read(string type, byte[] plaintext)
    {
        if (type == "str") return ScalarNode.Text(plaintext);
        var text = Encoding.UTF8.GetString(plaintext);
        return type switch
        {
            "int" => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) ? ScalarNode.Whole(whole) : null,
            "float" => GoFloat.TryParse(text, out var real) ? ScalarNode.Real(real) : null,
            "bool" => ReadBoolean(text) is { } truth ? ScalarNode.Boolean(truth) : null,
            "time" => GoTime.ParseRfc3339(text) is { } time ? ScalarNode.Time(time) : null,
            _ => null,
        };
    }

    private static bool? ReadBoolean(string text) => text switch
    {
        "1" or "t" or "T" or "true" or "TRUE" or "True" => true,
        "0" or "f" or "F" or "false" or "FALSE" or "False" => false,
        _ => null,
    };
}

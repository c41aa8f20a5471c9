using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using GitOpsSecrets.Sops.Values;

namespace GitOpsSecrets.Sops.Documents;

/// <summary>
/// A value: its type and its canonical bytes, which are at once what is encrypted and what enters the MAC. Bytes and no string, so that
/// <see cref="Clear"/> can overwrite them.
/// </summary>
public sealed class ScalarNode : DocumentNode
{
    private ScalarNode(ScalarKind kind, byte[] bytes)
    {
        Kind = kind;
        Bytes = bytes;
    }

    public static ScalarNode Null => new(ScalarKind.Null, []);

    public ScalarKind Kind { get; }

    /// <summary>Text: as it is. Whole: decimal. Real: shortest digits without exponent. Boolean: <c>True</c>, <c>False</c>. Time: RFC 3339.</summary>
    public byte[] Bytes { get; }

    /// <summary>Neither null nor empty text is ever encrypted.</summary>
    internal bool IsVoid => Bytes.Length == 0;

    public static ScalarNode Text(string text) => new(ScalarKind.Text, Encoding.UTF8.GetBytes(text));

    /// <param name="bytes">Taken over, not copied.</param>
    public static ScalarNode Text(byte[] bytes) => new(ScalarKind.Text, bytes);

    public static ScalarNode Whole(long value) => new(ScalarKind.Whole, Encoding.ASCII.GetBytes(value.ToString(CultureInfo.InvariantCulture)));

    public static ScalarNode Real(double value) => new(ScalarKind.Real, Encoding.ASCII.GetBytes(GoFloat.Positional(value)));

    public static ScalarNode Boolean(bool value) => new(ScalarKind.Boolean, value ? "True"u8.ToArray() : "False"u8.ToArray());

    internal static ScalarNode Time(GoTime value) => new(ScalarKind.Time, Encoding.ASCII.GetBytes(value.ToNanoseconds()));

    /// <summary>The canonical bytes as text; invalid UTF-8 becomes replacement characters.</summary>
    public string GetText() => Encoding.UTF8.GetString(Bytes);

    public override void Clear() => CryptographicOperations.ZeroMemory(Bytes);

    public override ScalarNode Clone() => new(Kind, [.. Bytes]);

    public override string ToString() => Kind.ToString();
}

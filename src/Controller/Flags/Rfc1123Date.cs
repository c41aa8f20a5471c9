using System.Globalization;

namespace GitOpsSecrets.Controller.Flags;

/// <summary>RFC 1123 with a numeric zone, as <c>date -R</c> prints it: <c>Mon, 02 Jan 2006 15:04:05 -0700</c>.</summary>
internal static class Rfc1123Date
{
    public const string Expectation = "a date as \"date -R\" prints it, such as Mon, 02 Jan 2006 15:04:05 -0700";

    public static bool TryParse(string text, out DateTimeOffset date)
    {
        date = default;
        // .NET wants a colon in the zone, date -R writes none.
        if (text.Length < 5 || text[^5] is not ('+' or '-')) return false;
        return DateTimeOffset.TryParseExact(
            string.Concat(text.AsSpan(0, text.Length - 2), ":", text.AsSpan(text.Length - 2)),
            ["ddd, dd MMM yyyy HH:mm:ss zzz", "ddd, d MMM yyyy HH:mm:ss zzz"],
            CultureInfo.InvariantCulture, DateTimeStyles.None, out date);
    }
}

using System.Buffers.Text;

namespace GitOpsSecrets.Providers.Json;

internal static class JsonNumber
{
    public static double Of(ReadOnlySpan<byte> written) => Utf8Parser.TryParse(written, out double number, out _) ? number : 0;
}

using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace GitOpsSecrets.Providers.Tests.Declared;

/// <summary>
/// What a recording says of gRPC: a message by the numbers of its fields, each a text, a number, another message, or a list of such. Written apart from the code that is tested
/// (https://protobuf.dev/programming-guides/encoding/).
/// </summary>
internal static class ReplayedMessages
{
    /// <summary>The message of a request, in one frame; where the recording has a message, one is read.</summary>
    public static JsonObject Read(byte[] frame, JsonObject like)
    {
        Assert.Equal((0, frame.Length - 5), (frame[0], BinaryPrimitives.ReadInt32BigEndian(frame.AsSpan(1))));
        return Read(frame.AsMemory(5), like);
    }

    /// <summary>As the recording says: <c>message</c>, or the number of a status as <c>grpc</c> and its <c>reason</c>.</summary>
    public static async Task AnswerAsync(HttpContext context, JsonNode answer)
    {
        context.Response.ContentType = "application/grpc";
        if (answer["grpc"] is { } status)
        {
            context.Response.Headers["grpc-status"] = status.ToString();
            context.Response.Headers["grpc-message"] = answer["reason"]!.ToString();
            return;
        }

        var message = Write(answer["message"]!.AsObject());
        var frame = new byte[5 + message.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), message.Length);
        message.CopyTo(frame, 5);
        await context.Response.Body.WriteAsync(frame, context.RequestAborted);
        context.Response.AppendTrailer("grpc-status", "0");
    }

    private static JsonObject Read(ReadOnlyMemory<byte> message, JsonObject like)
    {
        var read = new JsonObject();
        while (!message.IsEmpty)
        {
            var tag = TakeNumber(ref message);
            var name = (tag >> 3).ToString(CultureInfo.InvariantCulture);
            JsonNode value;
            if ((tag & 7) == 0)
            {
                value = JsonValue.Create(unchecked((long)TakeNumber(ref message)));
            }
            else
            {
                Assert.Equal(2UL, tag & 7);
                var length = (int)TakeNumber(ref message);
                value = like[name] is JsonObject inner ? Read(message[..length], inner) : JsonValue.Create(RecordedKeys.Read(Encoding.UTF8.GetString(message.Span[..length])));
                message = message[length..];
            }

            Assert.False(read.ContainsKey(name), $"field {name} stands there twice");
            read[name] = value;
        }

        return read;
    }

    private static ulong TakeNumber(ref ReadOnlyMemory<byte> message)
    {
        ulong value = 0;
        for (var i = 0; ; i++)
        {
            var one = message.Span[i];
            value |= (ulong)(one & 0x7F) << (7 * i);
            if (one >= 0x80) continue;
            message = message[(i + 1)..];
            return value;
        }
    }

    private static byte[] Write(JsonObject message) => [.. message.SelectMany(field => field.Value is JsonArray list ? list.SelectMany(one => Write(field.Key, one!)) : Write(field.Key, field.Value!))];

    private static byte[] Write(string field, JsonNode value)
    {
        var number = ulong.Parse(field, CultureInfo.InvariantCulture) << 3;
        if (value is JsonValue one && one.TryGetValue<long>(out var given)) return [.. Number(number), .. Number(unchecked((ulong)given))];
        var bytes = value is JsonObject inner ? Write(inner) : Encoding.UTF8.GetBytes(value.ToString());
        return [.. Number(number | 2), .. Number((ulong)bytes.Length), .. bytes];
    }

    private static IEnumerable<byte> Number(ulong value)
    {
        for (; value >= 0x80; value >>= 7) yield return (byte)((value & 0x7F) | 0x80);
        yield return (byte)value;
    }
}

using System.Text;
using CsCheck;
using GitOpsSecrets.Providers.Grpc;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace GitOpsSecrets.Providers.Tests.Grpc;

/// <summary>Our few lines of Protocol Buffers against Google's own library.</summary>
public sealed class ProtoTests
{
    [Theory]
    [InlineData("")]
    [InlineData("changeme")]
    [InlineData("größer als 127 Bytes: 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789")]
    public void A_text_is_written_and_read_as_Google_does(string text)
    {
        var theirs = new StringValue { Value = text }.ToByteArray();
        Assert.Equal(theirs, Written(message => message.Text(1, text)));
        Assert.Equal(text, ProtoMessage.Read(theirs)!.Text(1));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(127)]
    [InlineData(128)]
    [InlineData(-1)]
    [InlineData(int.MaxValue)]
    [InlineData(long.MinValue)]
    [InlineData(long.MaxValue)]
    public void A_number_is_written_and_read_as_Google_does(long number)
    {
        var theirs = new Int64Value { Value = number }.ToByteArray();
        Assert.Equal(theirs, Written(message => message.Number(1, number)));
        Assert.Equal(number, ProtoMessage.Read(theirs)!.Number(1));
    }

    [Fact]
    public void Messages_lists_and_maps_are_written_and_read_as_Google_does()
    {
        var theirs = new Struct { Fields = { ["one"] = Value.ForString("first"), ["two"] = Value.ForNumber(1.5) } };
        var read = ProtoMessage.Read(theirs.ToByteArray())!.List(1).Select(entry => ProtoMessage.Read(entry)!).ToDictionary(entry => entry.Text(1), entry => ProtoMessage.Read(entry.Bytes(2))!, StringComparer.Ordinal);
        Assert.Equal("first", read["one"].Text(3));
        // A double of eight bytes.
        Assert.Equal(BitConverter.DoubleToInt64Bits(1.5), read["two"].Number(2));
        Assert.Equal(new Struct { Fields = { ["one"] = Value.ForString("first") } }.ToByteArray(), Written(message => message.Message(1, entry => entry.Text(1, "one").Message(2, value => value.Text(3, "first")))));
        var paths = new FieldMask { Paths = { "a", "b" } }.ToByteArray();
        Assert.Equal(["a", "b"], ProtoMessage.Read(paths)!.List(1).Select(path => Encoding.UTF8.GetString(path.Span)));
        Assert.Equal(BitConverter.SingleToInt32Bits(2.5f), (int)ProtoMessage.Read(new FloatValue { Value = 2.5f }.ToByteArray())!.Number(1));
    }

    [Fact]
    public void What_is_absent_is_empty_and_of_two_the_last_one_counts()
    {
        var message = ProtoMessage.Read((byte[])[.. new StringValue { Value = "first" }.ToByteArray(), .. new StringValue { Value = "second" }.ToByteArray()])!;
        Assert.Equal("second", message.Text(1));
        Assert.Equal(2, message.List(1).Count());
        Assert.False(message.Has(2));
        Assert.True(message.Bytes(2).IsEmpty);
        Assert.Equal(0, message.Number(2));
        Assert.DoesNotContain("second", message.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0A")] // no length
    [InlineData("0A05616263")] // cut
    [InlineData("0AFFFFFFFFFFFFFFFFFF01")] // longer than anything
    [InlineData("08FFFFFFFFFFFFFFFFFF7F")] // a number of more than 64 bits
    [InlineData("08FFFFFFFFFFFFFFFFFFFF01")] // one of eleven bytes
    [InlineData("00")] // field 0
    [InlineData("0B")] // a group, which nobody writes any more
    [InlineData("0E")] // no kind at all
    [InlineData("0901020304")] // four of eight bytes
    [InlineData("0D0102")] // two of four
    public void What_is_cut_or_no_message_is_none(string bytes) => Assert.Null(ProtoMessage.Read(Convert.FromHexString(bytes)));

    [Fact]
    public void No_bytes_make_the_reader_do_more_than_say_so() => Gen.Byte.Array[0, 200].Sample(bytes => ProtoMessage.Read(bytes) is not { } message || message.List(1).All(part => part.Length <= bytes.Length));

    private static byte[] Written(Action<ProtoWriter> write)
    {
        using var message = new ProtoWriter();
        write(message);
        return message.Written.ToArray();
    }
}

using System.Text;
using GitOpsSecrets.Controller.External;
using GitOpsSecrets.Controller.External.Target;

namespace GitOpsSecrets.Controller.Tests.External;

/// <summary>The hashes that stand on the Secrets of live clusters. The expected values were made by another implementation of SHA3-224 over Go's text.</summary>
public sealed class ObjectHashTests
{
    [Fact]
    public void No_data_is_an_empty_map() => Assert.Equal("74a974446e359fb3e6baff9bd0058950e6edd0f040888d9989b0a11b", ObjectHash.OfData([]));

    [Fact]
    public void Data_is_sorted_by_key_and_its_bytes_are_numbers() => Assert.Equal(
        "681706f0e29db32ccfbfc24fd4aaa682a58d5f6f47529d45fd91d92c",
        ObjectHash.OfData([new("foo", "bar"u8.ToArray()), new("bar", "baz"u8.ToArray())]));

    [Fact]
    public void An_item_without_content_is_as_an_empty_one() =>
        Assert.Equal(ObjectHash.OfData([new("a", [])]), ObjectHash.OfData([new("a", null)]));

    [Theory]
    [InlineData(84)]
    [InlineData(85)]
    [InlineData(5000)]
    public void Long_values_hash_as_their_text_does(int length)
    {
        var value = Enumerable.Range(0, length).Select(i => (byte)(i * 7 % 256)).ToArray();
        Assert.Equal(ObjectHash.Of($"map[a:[{string.Join(' ', value)}]]"), ObjectHash.OfData([new("a", value)]));
    }

    [Fact]
    public void The_owner_is_namespace_and_name() => Assert.Equal("5cb53bbbf776b3913df48671d8f6ea51a705aac7e8938ae122b52eba", TargetIdentity.OwnerHash("shop", "db"));

    [Fact]
    public void Labels_and_annotations_are_a_struct_of_maps() => Assert.Equal(
        "df6c4f2abe9bcf1fcfa22e39c95bce04a5e787080c73a79b1de9e4a7",
        ObjectHash.OfMetadata([new("b", "2"), new("a", "1")], null));

    [Fact]
    public void The_field_manager_of_a_long_name_is_hashed()
    {
        Assert.Equal("externalsecrets.external-secrets.io/db", TargetIdentity.FieldManager("db"));
        var longest = new string('a', 63 - "externalsecrets.external-secrets.io/".Length);
        Assert.Equal("externalsecrets.external-secrets.io/" + longest, TargetIdentity.FieldManager(longest));
        Assert.Equal("externalsecrets.external-secrets.io/sha3/" + ObjectHash.Of(longest + "a"), TargetIdentity.FieldManager(longest + "a"));
        Assert.Equal("externalsecrets.external-secrets.io/sha3/ce06309528da04278a8072ca96610a47298cbca3a9b6a0ee7f581316", TargetIdentity.FieldManager(new string('a', 64)));
        Assert.Equal(TargetIdentity.FieldManager(new string('a', 64)), "externalsecrets.external-secrets.io/sha3/" + ObjectHash.Hex(Encoding.UTF8.GetBytes(new string('a', 64))));
    }
}

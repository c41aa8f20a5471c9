using GitOpsSecrets.Sops.Keys;

namespace GitOpsSecrets.Sops.Tests.Keys;

public sealed class MasterKeyTextTests
{
    private const string Arn = "arn:aws:kms:eu-west-1:111122223333:key/k";

    [Fact]
    public void A_key_of_AWS_is_the_same_with_another_profile_and_another_one_in_another_context()
    {
        var key = MasterKeyText.AwsKms(Arn, "", "role:web", "app:shop");
        Assert.Equal($"kms {Arn} app:shop role:web", key.ToString());
        Assert.True(key.IsSameKey(MasterKeyText.AwsKms(Arn, "work", "app:shop", "role:web")));
        Assert.False(key.IsSameKey(MasterKeyText.AwsKms(Arn, "")));
        Assert.False(key.IsSameKey(MasterKeyText.AwsKms(Arn, "", "app:bank", "role:web")));
    }

    [Fact]
    public void What_stands_behind_the_first_colon_is_the_value() =>
        Assert.Equal([KeyValuePair.Create("url", "https://shop.example:443")], MasterKeyText.AwsKms(Arn, "", "url:https://shop.example:443").EncryptionContext);

    [Theory]
    [InlineData("app")]
    [InlineData("app:")]
    [InlineData(":shop")]
    [InlineData("app:shop", "app:bank")]
    public void A_context_that_is_no_pairs_is_refused(params string[] context) =>
        Assert.Equal(SopsFailure.Rule, Assert.Throws<SopsException>(() => MasterKeyText.AwsKms(Arn, "", context)).Failure);
}

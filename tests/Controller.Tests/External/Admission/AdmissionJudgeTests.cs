using System.Text.Json;
using GitOpsSecrets.Controller.External.Admission;
using GitOpsSecrets.Providers;

namespace GitOpsSecrets.Controller.Tests.External.Admission;

public sealed class AdmissionJudgeTests
{
    private static readonly IReadOnlyList<AdmissionJudge> Judges = AdmissionJudge.All(new ProviderCatalog([new PickyProvider("fake", isMaintained: false)]));

    [Fact]
    public void The_paths_are_those_of_the_original() =>
        Assert.Equal(
            ["/validate-external-secrets-io-v1-externalsecret", "/validate-external-secrets-io-v1-secretstore", "/validate-external-secrets-io-v1-clustersecretstore"],
            Judges.Select(judge => judge.Path));

    [Theory]
    [InlineData(
        """{"uid":"u","operation":"CREATE","object":{"spec":{"dataFrom":[{}]}}}""", 0,
        """{"uid":"u","allowed":false,"status":{"reason":"Forbidden","message":"either extract, find, or sourceRef must be set to dataFrom","code":403,"details":{"causes":[{"reason":"FieldValueInvalid","message":"either extract, find, or sourceRef must be set to dataFrom","field":"spec.dataFrom[0]"}]}}}""")]
    [InlineData("""{"uid":"u","operation":"UPDATE","object":{"spec":{"dataFrom":[{"extract":{"key":"k"}}]}}}""", 0, """{"uid":"u","allowed":true}""")]
    [InlineData(
        """{"uid":"u","operation":"UPDATE","oldObject":{"spec":{"dataFrom":[{"extract":{"key":"k"}}]}},"object":{"spec":{"dataFrom":[{}]}}}""", 0,
        """{"uid":"u","allowed":false,"status":{"reason":"Forbidden","message":"either extract, find, or sourceRef must be set to dataFrom","code":403,"details":{"causes":[{"reason":"FieldValueInvalid","message":"either extract, find, or sourceRef must be set to dataFrom","field":"spec.dataFrom[0]"}]}}}""")]
    [InlineData("""{"uid":"u","operation":"UPDATE","oldObject":{"metadata":{"finalizers":["f"]},"spec":{"dataFrom":[{}]}},"object":{"metadata":{},"spec":{"dataFrom":[{}]}}}""", 0, """{"uid":"u","allowed":true}""")]
    [InlineData("""{"uid":"u","operation":"UPDATE","oldObject":{"spec":{}},"object":{"metadata":{"deletionTimestamp":"2026-01-01T00:00:00Z"},"spec":{"dataFrom":[{}]}}}""", 0, """{"uid":"u","allowed":true}""")]
    [InlineData("""{"uid":"u","operation":"DELETE","oldObject":{"spec":{}},"object":null}""", 0, """{"uid":"u","allowed":true}""")]
    [InlineData("""{"uid":"u","operation":"CREATE","object":{"metadata":{"name":"x"},"spec":{"provider":{"fake":{}}}}}""", 1, """{"uid":"u","allowed":true,"warnings":["store x isn\u0027t currently maintained. Please plan and prepare accordingly."]}""")]
    public void A_question_gets_its_answer(string request, int judge, string answer) => Assert.Equal(answer, Ask(request, judge));

    [Fact]
    public void An_object_that_cannot_be_read_is_refused_with_its_place_and_without_its_values()
    {
        var answer = Ask("""{"uid":"u","operation":"CREATE","object":{"spec":{"data":[{"secretKey":7,"remoteRef":"hunter2"}]}}}""", 0);
        Assert.Contains("\"allowed\":false", answer, StringComparison.Ordinal);
        Assert.Contains("secretKey", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", answer, StringComparison.Ordinal);
    }

    private static string Ask(string request, int judge)
    {
        var review = JsonSerializer.Deserialize("{\"request\":" + request + "}", AdmissionJson.Default.AdmissionReview)!;
        var answered = JsonSerializer.Serialize(new AdmissionReview { Response = Judges[judge].Answer(review.Request!) }, AdmissionJson.Default.AdmissionReview);
        return JsonDocument.Parse(answered).RootElement.GetProperty("response").GetRawText();
    }
}
